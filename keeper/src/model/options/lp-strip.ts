import { type LiquidityRange, lpGreeks } from "../lp-greeks.js";
import { OptionError, requirePositive } from "./option.js";

/** So many puts at a strike. */
export interface StripLeg {
  readonly strike: number;
  /** Puts sold, per whole token0. */
  readonly weight: number;
}

/** Cash less puts whose payoff is close to a position's value: who buys these puts holds no more than the cash. */
export interface LpStrip {
  /** Token1. */
  readonly cash: number;
  /** By strike. */
  readonly legs: readonly StripLeg[];
}

/** Edges of the bins that a range is cut into: of equal ratio, or such that the largest error of each is the same. */
export type StripBins = "geometric" | "even";

/**
 * The puts that replicate a Uniswap v3 position: V(P) = V(b) − ∫_a^b L/(2K^{3/2})·(K − P)⁺ dK, by bins k_i with weight
 * L·(k_i^{−½} − k_{i+1}^{−½}) at strike √(k_i·k_{i+1}) (Carr and Madan 1998; a single one is Lambert's short put). In each bin the strip is
 * the two tangents of V at its edges, which meet at the strike, L·(k_{i+1}^¼ − k_i^¼)² above it: even bins have k^¼ equally spaced, the least
 * largest error of so many bins, and less cash by half of it, so that they err to both sides alike.
 *
 * @throws {@link OptionError} where the range or the number of legs means nothing
 */
export function lpStrip(range: LiquidityRange, legs: number, bins: StripBins = "geometric"): LpStrip {
  const { liquidity, lower, upper } = range;
  requirePositive("liquidity", liquidity);
  requirePositive("range's lower price", lower);
  requirePositive("range's upper price", upper);
  if (lower >= upper)
    throw new OptionError(`The range from ${lower} to ${upper} is empty.`, "Give the lower price first.");
  if (!Number.isInteger(legs) || legs < 1) throw new OptionError(`A strip of ${legs} legs is none.`, "Give 1 or more.");
  const edge = (i: number): number => {
    const share = i / legs;
    if (bins === "geometric") return lower * (upper / lower) ** share;
    return ((1 - share) * lower ** 0.25 + share * upper ** 0.25) ** 4;
  };
  const found = Array.from({ length: legs }, (_, i): StripLeg => {
    const [from, to] = [edge(i), edge(i + 1)];
    return { strike: Math.sqrt(from * to), weight: liquidity * (1 / Math.sqrt(from) - 1 / Math.sqrt(to)) };
  });
  const half = bins === "even" ? (liquidity * ((upper ** 0.25 - lower ** 0.25) / legs) ** 2) / 2 : 0;
  return { cash: liquidity * (Math.sqrt(upper) - Math.sqrt(lower)) - half, legs: found };
}

/** What cash less puts is worth at their expiry, token1. */
export function stripValue({ cash, legs }: LpStrip, price: number): number {
  return legs.reduce((sum, { strike, weight }) => sum - weight * Math.max(0, strike - price), cash);
}

/**
 * The largest difference between a position's value and its strip's at any price, token1: at a strike, or where both have the same slope
 * between two of them, or beyond the range.
 */
export function stripError(range: LiquidityRange, strip: LpStrip): number {
  const { liquidity, upper } = range;
  const kinks = strip.legs.map(({ strike }) => strike);
  let slope = 0;
  const level = [...strip.legs].reverse().map(({ weight }) => {
    slope += weight;
    return (slope / liquidity + 1 / Math.sqrt(upper)) ** -2;
  });
  const places = [0, ...kinks, ...level, upper];
  return Math.max(...places.map((price) => Math.abs(lpGreeks(range, price).value - stripValue(strip, price))));
}
