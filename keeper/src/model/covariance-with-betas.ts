import { Matrix } from "ml-matrix";
import { KeeperError } from "../errors.js";
import { betas as regress } from "./beta.js";

/**
 * A covariance with the part in which assets move with the hedges replaced: with hedges H, the other assets A and their betas B,
 * Σ_AH = B·Σ_HH and Σ_AA = B·Σ_HH·B' + D, where Σ_HH and the covariance of what the hedges do not explain, D = Σ_AA − Σ_AH·Σ_HH⁻¹·Σ_HA, are
 * the estimate's. Positive semidefinite wherever the estimate is; with its own betas it is the estimate.
 *
 * @param estimate Positive semidefinite, by asset
 * @param hedges Indices of the assets that have an instrument
 * @param learned By asset, then hedge: USD of the hedge that moves with one USD of the asset; null to keep the estimate's. A hedge keeps its own
 * @throws KeeperError where a beta is not finite, or missing for a hedge
 */
export function covarianceWithBetas(
  estimate: readonly (readonly number[])[],
  hedges: readonly number[],
  learned: readonly (readonly number[] | null)[],
): number[][] {
  for (const [asset, row] of learned.entries()) {
    if (row === null || (row.length === hedges.length && row.every(Number.isFinite))) continue;
    throw new KeeperError(
      `Betas of asset ${asset} on ${hedges.length} hedges: ${row.join(", ")}.`,
      "Give a finite one for each hedge, or null.",
    );
  }
  const assets = estimate.map((_, asset) => asset).filter((asset) => !hedges.includes(asset));
  const replaced = (asset: number): boolean => learned[asset] !== null && learned[asset] !== undefined;
  if (hedges.length === 0 || !assets.some(replaced)) return estimate.map((row) => [...row]);

  const own = regress(estimate, hedges);
  const before = new Matrix(assets.map((asset) => own[asset]!));
  const after = new Matrix(assets.map((asset) => [...(learned[asset] ?? own[asset]!)]));
  const amongHedges = new Matrix(hedges.map((i) => hedges.map((j) => estimate[i]![j]!)));
  const explained = (rows: Matrix): Matrix => rows.mmul(amongHedges).mmul(rows.transpose());
  const among = explained(after).sub(explained(before));
  const towards = after.mmul(amongHedges);

  const result = estimate.map((row) => [...row]);
  for (const [a, i] of assets.entries()) {
    for (const [b, j] of assets.entries()) {
      if (replaced(i) || replaced(j)) result[i]![j]! += (among.get(a, b) + among.get(b, a)) / 2;
    }
    if (!replaced(i)) continue;
    for (const [h, j] of hedges.entries()) {
      result[i]![j] = towards.get(a, h);
      result[j]![i] = towards.get(a, h);
    }
  }
  return result;
}
