import type { Books } from "../account/strategies.js";
import { DAY, HOUR } from "../time.js";

/** The days that a report's charts are on: midnights, UTC. */
export interface Days {
  readonly start: number;
  readonly times: readonly number[];
}

/** From the first hour of any asset to the last. */
export function daysOf(books: readonly Books[]): Days {
  const start = Math.floor(Math.min(...books.map(({ hours }) => hours.start)) / DAY) * DAY;
  const end = Math.max(...books.map(({ hours }) => hours.start + hours.unhedged.length * HOUR));
  return { start, times: Array.from({ length: Math.ceil((end - start) / DAY) + 1 }, (_, day) => start + day * DAY) };
}

/**
 * Hourly returns of equal parts of all assets.
 *
 * @param of An asset's hourly series; NaN in an hour that does not count
 */
export function basket(
  books: readonly Books[],
  { start, times }: Days,
  of: (books: Books) => Float64Array | Float32Array,
): Float64Array {
  const hours = ((times.length - 1) * DAY) / HOUR;
  const sum = new Float64Array(hours);
  const count = new Float64Array(hours);
  for (const book of books) {
    const shift = (book.hours.start - start) / HOUR;
    of(book).forEach((value, hour) => {
      if (Number.isNaN(value)) return;
      sum[hour + shift]! += value;
      count[hour + shift]! += 1;
    });
  }
  return sum.map((value, hour) => (count[hour]! > 0 ? value / count[hour]! : 0));
}

/** At each midnight: what 100 became. */
export function growthOf100(returns: Float64Array): number[] {
  let wealth = 100;
  const growth = [wealth];
  returns.forEach((value, hour) => {
    wealth *= Math.max(0, 1 + value);
    if ((hour + 1) % 24 === 0) growth.push(wealth);
  });
  return growth;
}

/** At each midnight: the running total. */
export function runningTotal(values: Float64Array): number[] {
  let total = 0;
  const totals = [0];
  values.forEach((value, hour) => {
    total += value;
    if ((hour + 1) % 24 === 0) totals.push(total);
  });
  return totals;
}

/** By entry: how far below its highest so far, as a share, zero or negative. */
export function drawdowns(growth: readonly number[]): number[] {
  let peak = 0;
  return growth.map((value) => {
    peak = Math.max(peak, value);
    return value / peak - 1;
  });
}

/** At each midnight, over the days before it: the sum of a daily series; null until there are as many. */
export function rollingSum(daily: Float64Array, window: number): (number | null)[] {
  let sum = 0;
  const sums: (number | null)[] = [null];
  daily.forEach((value, day) => {
    sum += value - (day >= window ? daily[day - window]! : 0);
    sums.push(day + 1 >= window ? sum : null);
  });
  return sums;
}
