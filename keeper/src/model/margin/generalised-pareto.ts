import { KeeperError } from "../../errors.js";

/** Generalised Pareto distribution of excesses over a threshold: P(X > x) = (1 + shape·x/scale)^(−1/shape). */
export interface GeneralisedPareto {
  /** ξ: 0 for an exponential tail, positive for a heavier one. */
  readonly shape: number;
  /** β, in the unit of the excesses. */
  readonly scale: number;
}

/** Below this a shape is taken for zero. */
const EXPONENTIAL = 1e-9;

/**
 * Fit by probability-weighted moments (Hosking & Wallis 1987): with a0 = E[X] and a1 = E[X·P(X' > X)], ξ = 2 − a0/(a0 − 2·a1) and
 * β = 2·a0·a1/(a0 − 2·a1). Closed form, so that nothing can fail to converge in a keeper; it takes weights; and below some 500 excesses, which
 * is what a tail has, it is more accurate than maximum likelihood for shapes up to 0.4 (ibid.).
 *
 * @param excesses At least 0, from the largest down
 * @param weights Of each, positive; all alike where they are left out
 * @throws KeeperError if they are not in that order, or are not at least two different ones
 */
export function fitGeneralisedPareto(excesses: ArrayLike<number>, weights?: ArrayLike<number>): GeneralisedPareto {
  let [total, above, first, second] = [0, 0, 0, 0];
  for (let i = 0; i < excesses.length; i++) total += weights?.[i] ?? 1;
  for (let i = 0; i < excesses.length; i++) {
    const [excess, weight] = [excesses[i]!, weights?.[i] ?? 1];
    if (!(excess >= 0 && weight > 0 && (i === 0 || excess <= excesses[i - 1]!))) {
      throw new KeeperError(`Excess ${i} is ${excess}, of weight ${weight}.`, "Sort them from the largest down.");
    }
    // The share above it, half of itself included.
    const exceeded = (above + weight / 2) / total;
    above += weight;
    first += (weight / total) * excess;
    second += (weight / total) * excess * exceeded;
  }
  const spread = first - 2 * second;
  if (!(spread > 1e-12 * first)) {
    throw new KeeperError(`A tail of ${excesses.length} excesses that are all alike.`, "Give a longer history.");
  }
  return { shape: 2 - first / spread, scale: (2 * first * second) / spread };
}

/**
 * The excess that is exceeded with a probability: β/ξ·(p^(−ξ) − 1), which is q_p = u + (β/ξ)·[((1 − p)·n/N_u)^(−ξ) − 1] of the method of
 * peaks over threshold for p = exceedance/share (McNeil & Frey 2000).
 *
 * @param exceedance In (0, 1], among the excesses
 */
export function paretoQuantile({ shape, scale }: GeneralisedPareto, exceedance: number): number {
  if (Math.abs(shape) < EXPONENTIAL) return -scale * Math.log(exceedance);
  return (scale / shape) * (exceedance ** -shape - 1);
}
