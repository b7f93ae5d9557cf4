import type { GammaTerm, LimitsState } from "./types.js";

/** Gammas as the contracts return them, with plain indices. */
export function plainGammas(gammas: readonly { c: bigint; i: bigint; j: bigint }[]): GammaTerm[] {
  return gammas.map(({ c, i, j }) => ({ c, i: Number(i), j: Number(j) }));
}

/** A row-major vector as a square matrix of `n` rows. */
export function toRows(flat: readonly bigint[], n: number): bigint[][] {
  return Array.from({ length: n }, (_, row) => flat.slice(row * n, (row + 1) * n));
}

/** Limits as the Rebalancer returns them, without ethers' wrapping. */
export function plainLimits(limits: LimitsState): LimitsState {
  const { maxVolatility, minHedge, hedgeFloor, maxGammaVolatility, maxLoss, poolBand, minMarginRatio, horizon } = limits;
  return { maxVolatility, minHedge, hedgeFloor, maxGammaVolatility, maxLoss, poolBand, minMarginRatio, horizon };
}
