import { readFileSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import { readTable } from "../backtest/data/read-table.js";
import type { Table } from "../backtest/data/table.js";
import { parseStamp } from "../backtest/time.js";
import { KeeperError } from "../errors.js";
import type { EventWindow } from "../model/stress/event-windows.js";
import { columnNames, type PriceHistory } from "./price-history.js";

/** What `crosshedge stress` takes besides the vault. */
export interface StressCommandOptions {
  readonly prices?: readonly string[];
  readonly columns?: Readonly<Record<string, string>>;
  readonly replay?: readonly EventWindow[];
  readonly topUpLatency?: number;
  readonly out?: string;
  /** A JSON file. */
  readonly failures?: string;
}

/** "WETH=ETH,USDC=USDC_USD_chainlink". */
export function parseColumns(text: string): Record<string, string> {
  const pairs = text.split(",").map((pair) => pair.split("=").map((part) => part.trim()));
  if (pairs.some((pair) => pair.length !== 2 || pair.includes(""))) {
    throw new InvalidArgumentError("It must be a list of symbol=column, such as WETH=ETH,WBTC=BTC.");
  }
  return Object.fromEntries(pairs as [string, string][]);
}

/** "2021-02-22:3": a day, and how many from there. */
export function parseReplay(text: string, before: readonly EventWindow[] = []): EventWindow[] {
  const [date = "", days = ""] = text.split(":");
  const from = parseStamp(`${date}T00:00:00Z`);
  const count = Number(days);
  if (Number.isNaN(from) || !(Number.isInteger(count) && count >= 1 && count <= 365)) {
    throw new InvalidArgumentError("It must be a day and how many days, such as 2021-02-22:3.");
  }
  return [...before, { name: date, from, hours: count * 24 }];
}

/** Hours, zero or more. */
export function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() === "" || !(hours >= 0 && hours < 10_000)) {
    throw new InvalidArgumentError("It must be a number of hours, zero or more.");
  }
  return hours;
}

/**
 * Reads what the price files that are named have of some assets.
 *
 * @param symbols Of the assets; those without a column are left out
 * @returns Undefined where no file is named
 * @throws KeeperError where a file cannot be read, has nothing of these assets, or where no file has a column that is named
 */
export async function readPrices(
  options: StressCommandOptions,
  symbols: readonly string[],
): Promise<PriceHistory | undefined> {
  const { prices, columns = {}, replay, topUpLatency } = options;
  if (prices === undefined) {
    if (Object.keys(columns).length === 0 && replay === undefined && topUpLatency === undefined) return undefined;
    throw new KeeperError("There is nothing to replay without --prices.", "Name the CSV files with it.");
  }
  const wanted = new Set(symbols.flatMap((symbol) => columnNames(columns, symbol)));
  const tables = await Promise.all(prices.map((file) => readColumns(file, wanted)));
  for (const [symbol, column] of Object.entries(columns)) {
    if (!symbols.includes(symbol)) {
      throw new KeeperError(`The vault has no asset ${symbol}.`, `It has ${symbols.join(", ")}. Correct --columns.`);
    }
    if (tables.some((table) => table.columns.has(column))) continue;
    throw new KeeperError(`No file has the column ${column} for ${symbol}.`, "Correct --columns.");
  }
  return { tables, columns };
}

/** The failure figures of a file; what is in it is checked where it is used. */
export function readFailures(file: string | undefined): unknown {
  if (file === undefined) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new KeeperError(`${file} is no readable JSON.`, "Name a JSON file of figures with --failures.", cause);
  }
}

async function readColumns(file: string, wanted: ReadonlySet<string>): Promise<Table> {
  return readTable(file, "price", (names) => {
    const found = names.filter((name) => wanted.has(name));
    if (found.length > 0) return found;
    const next = `It has ${names.join(", ")}. Say with --columns which of them are whose, or leave it out.`;
    throw new KeeperError(`${file} has no prices of ${[...wanted].join(", ")}.`, next);
  });
}
