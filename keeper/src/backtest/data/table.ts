import { HOUR } from "../time.js";

/** The hours that a series is on: row i is stamped `start + i·3600`. */
export interface Grid {
  /** Unix seconds, a full hour. */
  readonly start: number;
  readonly length: number;
}

/** Hourly series on one full grid. What is not known is NaN; nothing is filled in. */
export interface Table {
  readonly grid: Grid;
  readonly columns: ReadonlyMap<string, Float64Array>;
}

/** A series that workers can read without a copy of their own. */
export function sharedSeries(length: number, fill = Number.NaN): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT)).fill(fill);
}

/** Row of a time, which may lie outside of the grid. */
export function rowAt(grid: Grid, time: number): number {
  return Math.round((time - grid.start) / HOUR);
}

/** Stamp of a row. */
export function timeOf(grid: Grid, row: number): number {
  return grid.start + row * HOUR;
}

/** The same series on another grid; NaN, or `fill`, where it has nothing. */
export function onGrid(series: Float64Array | undefined, from: Grid, to: Grid, fill = Number.NaN): Float64Array {
  const result = sharedSeries(to.length, fill);
  if (series === undefined) return result;
  const shift = rowAt(from, to.start);
  for (let i = Math.max(0, -shift); i < to.length && i + shift < series.length; i++) {
    const value = series[i + shift]!;
    if (!Number.isNaN(value)) result[i] = value;
  }
  return result;
}

/** Simple returns from row to row; unknown where either price is. */
export function returnsOf(prices: Float64Array): Float64Array {
  const result = sharedSeries(prices.length);
  for (let i = 1; i < prices.length; i++) result[i] = prices[i]! / prices[i - 1]! - 1;
  return result;
}
