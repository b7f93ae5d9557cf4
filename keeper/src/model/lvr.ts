import { type LiquidityRange, lpGreeks } from "./lp-greeks.js";

/**
 * Loss versus rebalancing: what a position loses to those who trade against it, in excess of its hedged value, ½σ²P²|V''|
 * (Milionis, Moallemi, Roughgarden, Zhang 2022). A hedge of its delta leaves all of it.
 *
 * @param volatility Annual, of the price: of the ratio where both tokens move
 * @returns Token1 a year
 */
export function lvrRate(range: LiquidityRange, price: number, volatility: number): number {
  const { gamma } = lpGreeks(range, price);
  return gamma === 0 ? 0 : (-gamma * volatility * volatility * price * price) / 2;
}

/** The same as a share of the position's value, a year: (σ²/8)·2/(2 − √(a/P) − √(P/b)) inside the range. */
export function relativeLvr(range: LiquidityRange, price: number, volatility: number): number {
  return lvrRate(range, price, volatility) / lpGreeks(range, price).value;
}

/**
 * Fees that a position centred in [P/r, P·r] must earn to make up for its loss versus rebalancing: (σ²/8)/(1 − r^(−1/2)).
 *
 * @param factor r > 1; infinite for the full range
 * @returns Share of its value, a year
 */
export function breakEvenFeeApr(factor: number, volatility: number): number {
  return (volatility * volatility) / 8 / (1 - 1 / Math.sqrt(factor));
}
