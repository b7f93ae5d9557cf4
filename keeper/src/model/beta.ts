import { Matrix, solve } from "ml-matrix";

/**
 * Minimum-variance hedge ratios: the regression of each asset on the hedging assets.
 *
 * @param covariance Positive semidefinite, by asset
 * @param hedges Indices of the assets that have an instrument
 * @returns `[asset][hedge]`: USD of the hedge that moves with one USD of the asset
 */
export function betas(covariance: readonly (readonly number[])[], hedges: readonly number[]): number[][] {
  if (hedges.length === 0) return covariance.map(() => []);
  const among = new Matrix(hedges.map((i) => hedges.map((j) => covariance[i]![j]!)));
  const towards = new Matrix(hedges.map((i) => covariance.map((row) => row[i]!)));
  return solve(among, towards, true).transpose().to2DArray();
}
