import { createRandom } from "../../model/random.js";

export interface BootstrapOptions {
  /** Mean length of a block, in rows. */
  readonly meanBlock: number;
  readonly draws: number;
  readonly seed: number;
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Draws of the stationary block bootstrap: blocks of geometric length from anywhere, wrapped around the end (Politis & Romano 1994).
 *
 * @param length Rows of the sample, in the order of time
 * @param draw Called once a draw with how often each row was drawn; the array is reused
 */
export function stationaryBootstrap(
  length: number,
  { meanBlock, draws, seed }: BootstrapOptions,
  draw: (counts: Float64Array, index: number) => void,
): void {
  if (length < 1) throw new RangeError("a bootstrap needs at least one row");
  if (!(meanBlock >= 1)) throw new RangeError(`the mean block is ${meanBlock} rows; it must be one or more`);
  const { uniform } = createRandom(seed);
  const counts = new Float64Array(length);
  for (let index = 0; index < draws; index++) {
    counts.fill(0);
    let row = Math.floor(uniform() * length);
    for (let i = 0; i < length; i++) {
      counts[row]! += 1;
      row = uniform() < 1 / meanBlock ? Math.floor(uniform() * length) : (row + 1) % length;
    }
    draw(counts, index);
  }
}

/**
 * Percentile interval of draws of a statistic.
 *
 * @param draws In any order; those that are not finite are left out
 * @param level Its coverage
 * @returns NaN where nothing is finite
 */
export function percentileInterval(draws: ArrayLike<number>, level = 0.95): Interval {
  const sorted = Array.from(draws).filter(Number.isFinite);
  sorted.sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const from = sorted[low] ?? Number.NaN;
    return from + (place - low) * ((sorted[low + 1] ?? from) - from);
  };
  return { lower: at((1 - level) / 2), upper: at((1 + level) / 2) };
}
