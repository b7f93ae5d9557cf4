import { expectedPairVega } from "../model/options/expected-value.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import type { Book, BookPool } from "./book.js";
import { gammasInUsd } from "./drift.js";
import type { Measured } from "./measure-book.js";

/** A sensitivity of one pool's position to the ratio of its two prices. */
export interface PairSensitivity {
  /** Asset indices: the ratio is the first's price in the second. */
  readonly pair: readonly [number, number];
  /** USD: S²∂²V/∂S², or what 1.00 more of the ratio's volatility does to the expected value. */
  readonly usd: number;
}

/** Dollar gamma of every pool's position now, as the chain measures it. */
export function ownGammas({ gammas }: Pick<Measured, "gammas">): PairSensitivity[] {
  return gammasInUsd(gammas).map(({ c, i, j }) => ({ pair: [i, j], usd: c }));
}

/**
 * Vega of every pool's position: what 1.00 more of its ratio's volatility does to the value that it is expected to have.
 *
 * @param time Until then, years
 */
export function ownVegas(book: Book, covariance: readonly (readonly number[])[], time: number): PairSensitivity[] {
  return Object.values(book.pools).flatMap((pool): PairSensitivity[] => {
    if (pool.liquidity === 0n) return [];
    const [i, j] = pool.indices;
    const price = (asset: number): number => Number(book.prices[asset]!) / 1e18;
    const [volatility0, volatility1] = [Math.sqrt(covariance[i]![i]!), Math.sqrt(covariance[j]![j]!)];
    const product = volatility0 * volatility1;
    const correlation = product > 0 ? covariance[i]![j]! / product : 0;
    const movement = { volatility0, volatility1, correlation, time };
    return [{ pair: [i, j], usd: expectedPairVega(rangeOf(pool, book), price(i), price(j), movement) }];
  });
}

/** A pool's position in whole tokens. */
function rangeOf({ indices: [i, j], liquidity, tickLower, tickUpper }: BookPool, { decimals }: Book) {
  const [d0, d1] = [decimals[i]!, decimals[j]!];
  const at = (tick: number): number => (Number(sqrtRatioAtTick(tick)) / 2 ** 96) ** 2 * 10 ** (d0 - d1);
  return { liquidity: Number(liquidity) / 10 ** ((d0 + d1) / 2), lower: at(tickLower), upper: at(tickUpper) };
}
