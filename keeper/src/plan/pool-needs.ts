import { edgeValues } from "../model/lp-greeks.js";
import type { Book } from "./book.js";

/** What a dollar of liquidity is made of and asks for, spread over the pools by their shares. */
export interface PoolNeeds {
  /** Sum of the shares, 0 to 1. */
  readonly all: number;
  /** By asset: whether liquidity goes to a pool of it. */
  readonly used: readonly boolean[];
  /** By asset, USD in the middle of the ranges, where a pool takes half of its value in each token. */
  readonly taken: readonly number[];
  /** USD of exposure at the worse edges of the ranges. */
  readonly exposureAtEdge: number;
}

/**
 * The needs of liquidity with these shares.
 *
 * @param shares By leg, adding up to 1 or less
 * @param stable By asset: exposure to it needs no hedge
 * @param factor The ranges are from P/factor to P·factor
 */
export function poolNeeds(
  { pools, prices }: Book,
  shares: Readonly<Record<string, number>>,
  stable: readonly boolean[],
  factor: number,
): PoolNeeds {
  const active = Object.entries(pools).flatMap(([leg, { indices }]) =>
    shares[leg]! > 0 ? [{ indices, share: shares[leg]! }] : [],
  );
  const all = active.reduce((sum, { share }) => sum + share, 0);
  const edges = edgeValues(factor);
  const taken = prices.map(() => 0);
  let exposureAtEdge = 0;
  for (const { indices, share } of active) {
    const [i, j] = indices;
    for (const asset of indices) taken[asset]! += (0.5 * share) / all;
    exposureAtEdge += (share / all) * Math.max(stable[i] ? 0 : edges.lower, stable[j] ? 0 : edges.upper);
  }
  return { all, used: taken.map((usd) => usd > 0), taken, exposureAtEdge };
}
