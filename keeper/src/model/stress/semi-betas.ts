import type { SemiBetas } from "./beta-scenarios.js";

/** Share of the hours, by the hedge's return, that count as its worst and as its best. */
const TAIL = 0.01;
/** Fewer hours in a tail say nothing. */
const LEAST = 30;

/**
 * Downside and upside beta: the slope through zero of an asset's return on its hedge's, over the hedge's worst and best 1% of hours.
 *
 * @param asset Returns by hour; NaN where unknown
 * @param hedge Of the same hours
 * @returns Null where a tail has fewer than 30 hours, or the hedge did not move
 */
export function semiBetas(asset: Float64Array, hedge: Float64Array): SemiBetas | null {
  const hours = [...hedge.keys()].filter((hour) => !Number.isNaN(asset[hour]! + hedge[hour]!));
  hours.sort((a, b) => hedge[a]! - hedge[b]!);
  const count = Math.floor(hours.length * TAIL);
  if (count < LEAST) return null;
  const slope = (of: readonly number[]): number => {
    const [xy, xx] = of.reduce(([xy, xx], hour) => [xy + asset[hour]! * hedge[hour]!, xx + hedge[hour]! ** 2], [
      0, 0,
    ] as [number, number]);
    return xy / xx;
  };
  const found = { down: slope(hours.slice(0, count)), up: slope(hours.slice(-count)) };
  return Number.isFinite(found.down + found.up) ? found : null;
}
