import type { AssetCase } from "../data/cases.js";
import { rowAt } from "../data/table.js";
import { bandOf, type Settings } from "../options.js";
import { HOUR } from "../time.js";

/** Hourly volatility at which the band is as wide as it is said to be. */
const REFERENCE = 0.01;
/** Hours after which a squared return counts half. */
const HALF_LIFE = 30 * 24;

/**
 * Width by hour of the band around an LP position's delta: as set at an hourly volatility of 1%, in proportion to the square root of what
 * volatility was before the hour. Of the widths that were tried for ETH (constant, by the position's gamma, by powers of volatility from −1
 * to 1) none is more than 0.02 points of effectiveness better at the same turnover, but under a constant one turnover goes with the variance,
 * three times as much in a wild year as in a calm one.
 */
export function liveBand(of: AssetCase, hours: number, settings: Settings): Float64Array {
  const width = bandOf(settings);
  const first = rowAt(of.grid, of.times[0]!);
  const seen = Math.floor(settings.latency / HOUR) + 1;
  const price = (row: number): number => of.price[row]! / (settings.lp === "eth" ? of.hedgePrices[0]![row]! : 1);
  const keep = 2 ** (-1 / HALF_LIFE);
  let variance = REFERENCE ** 2;
  let row = 1;
  return Float64Array.from({ length: hours }, (_, hour) => {
    for (; row <= first + hour - seen; row++) {
      const move = Math.log(price(row) / price(row - 1));
      if (!Number.isNaN(move)) variance = keep * variance + (1 - keep) * move * move;
    }
    return width * Math.sqrt(Math.sqrt(variance) / REFERENCE);
  });
}
