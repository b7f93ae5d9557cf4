import { expectedPairGamma, type PairMovement } from "../expected-gamma.js";
import { momentBetween } from "../lognormal-moment.js";
import { type LiquidityRange, lpGreeks } from "../lp-greeks.js";
import { requirePositive } from "./option.js";

/**
 * E[V(P_τ)] of a lognormal price without drift, token1, fees apart: what V(P) lies above it is the loss versus rebalancing that is expected
 * until then.
 *
 * @param volatility Annual
 * @param time τ, years
 */
export function expectedValue(range: LiquidityRange, price: number, volatility: number, time: number): number {
  const { liquidity, lower, upper } = range;
  requirePositive("price", price);
  requirePositive("volatility", volatility);
  requirePositive("time", time);
  const variance = volatility * volatility * time;
  const centre = Math.log(price) - variance / 2;
  /** E[P^power·1{from < P < to}]. */
  const moment = (power: number, from: number, to: number): number =>
    momentBetween(power * centre, power, centre, variance, from, to);
  const inside =
    2 * moment(0.5, lower, upper) -
    moment(1, lower, upper) / Math.sqrt(upper) -
    Math.sqrt(lower) * moment(0, lower, upper);
  const below = (1 / Math.sqrt(lower) - 1 / Math.sqrt(upper)) * moment(1, 0, lower);
  const above = (Math.sqrt(upper) - Math.sqrt(lower)) * moment(0, upper, Number.POSITIVE_INFINITY);
  return liquidity * (inside + below + above);
}

/**
 * ∂E[V]/∂σ of the ratio's volatility, per 1.00: σ·τ·E[c], c the dollar gamma at τ (the heat equation; the limit of what a strip's puts have).
 * A position has no vega itself: this is what its owner, who will hold it for τ, has.
 *
 * @returns USD where both prices are
 */
export function expectedPairVega(
  range: LiquidityRange,
  price0: number,
  price1: number,
  movement: PairMovement,
): number {
  const { volatility0, volatility1, correlation, time } = movement;
  const variance = volatility0 ** 2 + volatility1 ** 2 - 2 * correlation * volatility0 * volatility1;
  return Math.sqrt(Math.max(0, variance)) * time * expectedPairGamma(range, price0, price1, movement);
}

/** The same where only the price of token0 in token1 moves: token1 per 1.00 of its volatility. */
export function expectedVega(range: LiquidityRange, price: number, volatility: number, time: number): number {
  return expectedPairVega(range, price, 1, { volatility0: volatility, volatility1: 0, correlation: 0, time });
}

/** The same for small τ, −2·LVR·τ/σ = στP²V'': twice what the position loses until then, per unit of volatility. */
export function smallTimeVega(range: LiquidityRange, price: number, volatility: number, time: number): number {
  return volatility * time * price * price * lpGreeks(range, price).gamma;
}
