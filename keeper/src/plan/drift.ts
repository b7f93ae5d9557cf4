import type { GammaTerm } from "@crosshedge/sdk";

/**
 * Volatility of the distance between a hedge's target and a hedge that is left alone, USD a year^½.
 *
 * The target of one instrument is −Σ β_i·x_i. A move of the log prices changes exposures by (diag(x) + Γ)·dlnS, and the position
 * by h·dlnS of its own asset; what remains is the drift.
 *
 * @param exposure Unhedged exposures, USD by asset
 * @param gammas Rank-one terms c·uu', u = e_i − e_j, USD
 * @param beta USD of the instrument per USD of exposure, by asset
 * @param asset The instrument's asset
 */
export function driftVolatility(
  exposure: readonly number[],
  gammas: readonly { c: number; i: number; j: number }[],
  beta: readonly number[],
  asset: number,
  covariance: readonly (readonly number[])[],
): number {
  const loading = exposure.map((x, i) => -beta[i]! * x);
  for (const { c, i, j } of gammas) {
    const along = c * (beta[i]! - beta[j]!);
    loading[i]! -= along;
    loading[j]! += along;
  }
  const target = -exposure.reduce((sum, x, i) => sum + beta[i]! * x, 0);
  loading[asset]! -= target;
  let variance = 0;
  loading.forEach((a, i) => {
    loading.forEach((b, j) => {
      variance += a * b * covariance[i]![j]!;
    });
  });
  return Math.sqrt(Math.max(0, variance));
}

/** Gamma terms in dollars. */
export function gammasInUsd(gammas: readonly GammaTerm[]): { c: number; i: number; j: number }[] {
  return gammas.map(({ c, i, j }) => ({ c: Number(c) / 1e18, i, j }));
}
