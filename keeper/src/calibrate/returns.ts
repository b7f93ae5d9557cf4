import { DAY, HOUR, HOURS_A_YEAR } from "../backtest/time.js";
import type { History } from "./history.js";

/** Hourly log returns; row 0, and every row without a price at both ends, is NaN. */
export function logReturns(prices: Float64Array): Float64Array {
  return prices.map((price, row) => (row === 0 ? Number.NaN : Math.log(price / prices[row - 1]!)));
}

/** Days of which fewer hours are known say nothing. */
const LEAST_HOURS = 12;

/**
 * Realised variance of rolling windows, a day apart, from hourly returns: the sum of squares, annualised by the hours that are known.
 *
 * @param days Length of a window
 * @returns 1.0 = 100%² a year; windows with less than half of their hours are left out
 */
export function rollingVariances(prices: Float64Array, days: number): number[] {
  const returns = logReturns(prices);
  const variances: number[] = [];
  for (let end = days * 24; end < returns.length; end += 24) {
    const known = [...returns.subarray(end - days * 24 + 1, end + 1)].filter((value) => !Number.isNaN(value));
    if (known.length < LEAST_HOURS * days) continue;
    variances.push((known.reduce((sum, value) => sum + value * value, 0) / known.length) * HOURS_A_YEAR);
  }
  return variances;
}

/** The hours of one day in which all assets are known. */
export interface DayReturns {
  /** Midnight at which it begins, unix seconds. */
  readonly time: number;
  /** By hour, then asset. */
  readonly hours: readonly (readonly number[])[];
}

/** The history by days, each after its midnight: what a decision at that midnight is judged by. */
export function daysOf({ start, rows, prices }: History): DayReturns[] {
  const returns = prices.map(logReturns);
  const days: DayReturns[] = [];
  for (let time = Math.ceil(start / DAY) * DAY; ; time += DAY) {
    const first = (time - start) / HOUR + 1;
    if (first + 24 > rows) return days;
    const hours = Array.from({ length: 24 }, (_, k) => returns.map((series) => series[first + k]!));
    const known = hours.filter((values) => values.every((value) => !Number.isNaN(value)));
    if (known.length >= LEAST_HOURS) days.push({ time, hours: known });
  }
}
