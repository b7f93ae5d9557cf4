import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { UsageError } from "../errors.js";
import { ASSETS, type Asset, type Prices } from "./assets.js";
import { createPath, iso, type PricePath } from "./path.js";
import { DAY, HOUR } from "./time.js";

export interface CsvOptions {
  /** The column of the ALT token. */
  alt: string;
  /** Where the scored period begins: a date, ISO 8601, or unix seconds. */
  from: string | number | Date;
  days: number;
  warmUpDays?: number;
}

/**
 * Read hourly prices from a CSV file (`time,BTC,ETH,<ALT>…`), plain or gzipped.
 * Without a USDC column USDC is worth a dollar; an empty cell, or a missing hour, is a gap.
 */
export function readPath(file: string, options: CsvOptions): PricePath {
  const { alt, days, warmUpDays = 30 } = options;
  const scored = toSeconds(options.from);
  const start = scored - warmUpDays * DAY;
  const end = scored + days * DAY;
  const [header = [], ...records] = readRecords(file);
  const columns = findColumns(file, header, alt);
  const rows: Partial<Prices>[] = Array.from({ length: (end - start) / HOUR + 1 }, () => ({}));
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const record of records) {
    const time = Date.parse(record[columns.time] ?? "") / 1000;
    if (Number.isNaN(time)) {
      throw new UsageError(`${file} has the time "${record[columns.time]}".`, "Write times as 2024-01-31T13:00:00Z.");
    }
    first = Math.min(first, time);
    last = Math.max(last, time);
    const row = (time - start) / HOUR;
    if (Number.isInteger(row) && row >= 0 && row < rows.length) rows[row] = readRow(file, record, columns, time);
  }
  if (start < first || end > last) {
    throw new UsageError(
      `${file} runs from ${range(first, last)}; ${days} days after ${warmUpDays} days of warm-up need ${range(start, end)}.`,
      `Choose a start from ${range(first + warmUpDays * DAY, last - days * DAY)}, or fewer days.`,
    );
  }
  checkData(file, rows, { start, scored }, alt);
  return createPath({ start, scored, altSymbol: alt, rows });
}

function range(from: number, to: number): string {
  return Number.isFinite(from) && Number.isFinite(to) ? `${iso(from)} to ${iso(to)}` : "no date";
}

function toSeconds(from: string | number | Date): number {
  const time = typeof from === "number" ? from : new Date(from).getTime() / 1000;
  if (Number.isNaN(time) || time % HOUR !== 0) {
    throw new UsageError(
      `"${String(from)}" is no full hour.`,
      "Write the start as 2024-01-31 or 2024-01-31T13:00:00Z.",
    );
  }
  return time;
}

function readRecords(file: string): string[][] {
  try {
    const bytes = readFileSync(file);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return parse(zipped ? gunzipSync(bytes) : bytes, { skip_empty_lines: true, bom: true });
  } catch (error) {
    throw new UsageError(
      `Cannot read prices from ${file}: ${(error as Error).message}.`,
      "Give a CSV file, plain or gzipped, with the columns time,BTC,ETH and the token's.",
      error,
    );
  }
}

type Columns = { time: number } & Partial<Record<Asset, number>>;

function findColumns(file: string, header: string[], alt: string): Columns {
  const wanted = { time: "time", ETH: "ETH", BTC: "BTC", ALT: alt };
  const missing = Object.values(wanted).filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new UsageError(
      `${file} has no column ${missing.join(", ")}; it has ${header.join(", ") || "none"}.`,
      "Add it, or name another token with --alt.",
    );
  }
  const columns: Columns = { time: 0 };
  for (const [key, name] of Object.entries(wanted)) columns[key as keyof Columns] = header.indexOf(name);
  if (header.includes("USDC")) columns.USDC = header.indexOf("USDC");
  return columns;
}

function readRow(file: string, record: string[], columns: Columns, time: number): Partial<Prices> {
  const row: Partial<Prices> = columns.USDC === undefined ? { USDC: 1 } : {};
  for (const asset of ASSETS) {
    const column = columns[asset];
    const cell = column === undefined ? "" : (record[column] ?? "").trim();
    if (cell === "") continue;
    const price = Number(cell);
    if (!(price > 0 && Number.isFinite(price))) {
      throw new UsageError(
        `${file} has the price "${cell}" at ${iso(time)}.`,
        "Leave a cell empty where there is no price.",
      );
    }
    row[asset] = price;
  }
  return row;
}

/** Every asset must have a price to begin with, and some price in the scored period. */
function checkData(
  file: string,
  rows: Partial<Prices>[],
  { start, scored }: { start: number; scored: number },
  alt: string,
): void {
  const nameOf = (asset: Asset) => (asset === "ALT" ? alt : asset);
  for (const asset of ASSETS) {
    const firstWith = rows.findIndex((row) => row[asset] !== undefined);
    if (firstWith === -1) {
      throw new UsageError(
        `${file} has no ${nameOf(asset)} price in these days.`,
        "Choose other days or another token.",
      );
    }
    if (firstWith > 0) {
      throw new UsageError(
        `${file} has no ${nameOf(asset)} price at ${iso(start)}, where the warm-up begins.`,
        `Its next one is at ${iso(start + firstWith * HOUR)}: start ${firstWith} hours later, or change the warm-up.`,
      );
    }
    if (!rows.slice((scored - start) / HOUR).some((row) => row[asset] !== undefined)) {
      throw new UsageError(
        `${file} has no ${nameOf(asset)} price from ${iso(scored)} on.`,
        "Choose other days or another token.",
      );
    }
  }
}
