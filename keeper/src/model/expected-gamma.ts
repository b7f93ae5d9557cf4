import { momentBetween } from "./lognormal-moment.js";
import type { LiquidityRange } from "./lp-greeks.js";

/** How prices move until a hedge is set again. */
export interface Movement {
  /** Annual volatility of the price. */
  readonly volatility: number;
  /** Annual drift of the price; zero where it is left out. */
  readonly drift?: number;
  /** Years. */
  readonly time: number;
}

/**
 * E[∂²V/∂P²] after a time, lognormal price: −½L·E[P^(−3/2)·1{a<P<b}]. Near an edge, where gamma jumps, this is what a hedge that is left
 * alone until then can count on. A vault's plan takes the gamma of now: it may trade minutes later, and leaves a range that is left.
 *
 * @returns Per unit of price², token1
 */
export function expectedGamma({ liquidity, lower, upper }: LiquidityRange, price: number, movement: Movement): number {
  const { volatility, drift = 0, time } = movement;
  const centre = Math.log(price) + (drift - (volatility * volatility) / 2) * time;
  const variance = volatility * volatility * time;
  const moment = momentBetween(-1.5 * centre, -1.5, centre, variance, lower, upper);
  return (-liquidity / 2) * moment;
}

/** How two USD prices move until a hedge is set again. */
export interface PairMovement {
  readonly volatility0: number;
  readonly volatility1: number;
  readonly correlation: number;
  /** Years. */
  readonly time: number;
}

/**
 * Expected dollar gamma of a pair after a time, both USD prices lognormal without drift: the c of {@link pairGreeks},
 * −½L·E[√(p0·p1)·1{a<p0/p1<b}].
 *
 * @returns USD: a move of the log ratio by x changes the value by ½c·x²
 */
export function expectedPairGamma(
  { liquidity, lower, upper }: LiquidityRange,
  price0: number,
  price1: number,
  { volatility0, volatility1, correlation, time }: PairMovement,
): number {
  const [v0, v1] = [volatility0 * volatility0 * time, volatility1 * volatility1 * time];
  const common = correlation * volatility0 * volatility1 * time;
  const variance = Math.max(0, v0 + v1 - 2 * common);
  const centre = Math.log(price0 / price1) - (v0 - v1) / 2;
  const meanRoot = (Math.log(price0) + Math.log(price1) - (v0 + v1) / 2) / 2;
  const varianceRoot = (v0 + v1 + 2 * common) / 4;
  // The logarithm of √(p0·p1) is its regression on the log ratio, and a rest that does not depend on it.
  const slope = variance > 0 ? (v0 - v1) / 2 / variance : 0;
  const rest = (varianceRoot - slope * slope * variance) / 2;
  return (-liquidity / 2) * momentBetween(meanRoot + rest, slope, centre, variance, lower, upper);
}
