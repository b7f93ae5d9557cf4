import { onGrid, rowAt, type Table } from "../backtest/data/table.js";
import { DAY, HOUR, iso } from "../backtest/time.js";
import { KeeperError } from "../errors.js";
import type { VaultShape } from "./shape.js";

/** Days that the covariance oracle folds before it is usable, and days that are measured after that at the least. */
const ORACLE_DAYS = 30;
const JUDGED_DAYS = 120;
export const LEAST_DAYS = ORACLE_DAYS + JUDGED_DAYS;

/** Hourly prices of a vault's assets over one period. */
export interface History {
  /** Unix seconds of row 0; row i is stamped `start + i·3600`. */
  readonly start: number;
  readonly rows: number;
  /** By asset, USD, NaN where unknown; a stable without data is worth a dollar throughout. */
  readonly prices: readonly Float64Array[];
  /** The same with the last known price carried on: what a position is worth in an hour without a price. */
  readonly known: readonly Float64Array[];
}

/**
 * Lays the prices of a vault's assets on one grid.
 *
 * @param table Columns by series name
 * @param from First stamp that counts, unix seconds; the data's own beginning where left out
 * @param until The first stamp that does not count any more: what is decided then has not seen it
 * @throws KeeperError where an asset has no prices, or all of them together too few
 */
export function historyOf(table: Table, { assets }: VaultShape, from?: number, until?: number): History {
  const missing = assets.filter(({ stable, series }) => !stable && !table.columns.has(series));
  if (missing.length > 0) {
    throw new KeeperError(
      `There are no prices of ${missing.map(({ series }) => series).join(", ")}, of this vault's assets only of ${[...table.columns.keys()].join(", ")}.`,
      "Name the column of the pool's risky asset with --alt, or another file with --prices.",
    );
  }
  const last = table.grid.start + (table.grid.length - 1) * HOUR;
  const end = Math.min(last, until === undefined ? last : Math.ceil(until / HOUR) * HOUR - HOUR);
  const begun = Math.max(...assets.map(({ stable, series }) => (stable ? table.grid.start : firstOf(table, series))));
  const start = Math.max(begun, from === undefined ? begun : Math.ceil(from / HOUR) * HOUR);
  const days = (end - start) / DAY;
  if (!(days >= LEAST_DAYS)) {
    throw new KeeperError(
      `The history of all assets together is ${Math.max(0, days).toFixed(0)} days long, from ${iso(start)} to ${iso(end)}; ${LEAST_DAYS} are needed: ${ORACLE_DAYS} until the covariance oracle is usable, ${JUDGED_DAYS} to measure what it says.`,
      "Give prices that reach back further with --prices, or another period with --from and --until.",
    );
  }
  const grid = { start, length: rowAt({ start, length: 0 }, end) + 1 };
  const prices = assets.map(({ stable, series }) =>
    onGrid(table.columns.get(series), table.grid, grid, stable && !table.columns.has(series) ? 1 : undefined),
  );
  return { start, rows: grid.length, prices, known: prices.map(carried) };
}

function firstOf({ grid, columns }: Table, series: string): number {
  const row = columns.get(series)!.findIndex((price) => !Number.isNaN(price));
  return row === -1 ? Number.POSITIVE_INFINITY : grid.start + row * HOUR;
}

function carried(prices: Float64Array): Float64Array {
  let last = prices.find((price) => !Number.isNaN(price)) ?? Number.NaN;
  return prices.map((price) => (last = Number.isNaN(price) ? last : price));
}
