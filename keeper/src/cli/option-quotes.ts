import { badCell, readCsv } from "../backtest/data/read-csv.js";
import { KeeperError } from "../errors.js";
import { type OptionQuote, optionName } from "../model/options/quote.js";

/** Quotes of a file, and the forward of each expiry. */
export interface QuotesFile {
  readonly quotes: readonly OptionQuote[];
  /** By time to expiry, years. */
  readonly forwards: ReadonlyMap<number, number>;
}

const COLUMNS = ["expiry_days", "kind", "strike", "bid", "ask"];

/**
 * Quotes from a CSV file: expiry_days, kind (call or put), strike, bid (empty where nobody bids), ask, per unit of the underlying; forward
 * where it is not the spot price.
 *
 * @throws KeeperError that names file, row and column
 */
export async function readQuotes(file: string, spot: number): Promise<QuotesFile> {
  const quotes: OptionQuote[] = [];
  const forwards = new Map<number, number>();
  let names: readonly string[] = COLUMNS;
  const columns = (header: readonly string[]): readonly string[] => {
    names = header.includes("forward") ? [...COLUMNS, "forward"] : COLUMNS;
    return names;
  };
  await readCsv(file, columns, (cells, row) => {
    const figure = (column: number, least: number): number => {
      const cell = cells[column]!;
      const value = Number(cell);
      const fits = cell !== "" && Number.isFinite(value) && (value > 0 || (least === 0 && value === 0));
      const wanted = least === 0 ? "a number, zero or more" : "a number above zero";
      if (!fits) throw badCell({ file, row, column: names[column]! }, cell, wanted);
      return value;
    };
    const kind = cells[1]!;
    if (kind !== "call" && kind !== "put") throw badCell({ file, row, column: "kind" }, kind, "call or put");
    const time = figure(0, 1) / 365;
    const option = { kind, strike: figure(2, 1), time } as const;
    const bid = cells[3] === "" ? 0 : figure(3, 0);
    quotes.push({ ...option, name: optionName(option), bid, ask: figure(4, 1) });
    const forward = names.length > COLUMNS.length ? figure(5, 1) : spot;
    if (forwards.has(time) && forwards.get(time) !== forward) {
      throw new KeeperError(
        `${file}, row ${row}: its expiry has two forwards.`,
        "Give the same one in all of its rows.",
      );
    }
    forwards.set(time, forward);
  });
  return { quotes, forwards };
}
