import { Matrix, solve } from "ml-matrix";
import { KeeperError } from "../../errors.js";

/** What the market may be like now. */
export interface Regime {
  /** Probabilities of all regimes add up to one. */
  readonly probability: number;
  /** Covariance of the hedges' returns in it. */
  readonly covariance: readonly (readonly number[])[];
  /** USD of each hedge that move with one USD of the asset in it; zeros where the relation is broken. */
  readonly betas: readonly number[];
}

/** Regimes that mean nothing. */
export class RegimeError extends KeeperError {}

/**
 * The hedge ratios of least expected variance over regimes: (Σ pΣ)⁻¹ Σ pΣβ. With one hedge that is Σpσ²β / Σpσ².
 *
 * @returns By hedge
 * @throws {@link RegimeError} where the probabilities do not add up to one or there is no variance
 */
export function mixedBetas(regimes: readonly Regime[]): number[] {
  const total = regimes.reduce((sum, { probability }) => sum + probability, 0);
  if (regimes.some(({ probability }) => !(probability >= 0)) || Math.abs(total - 1) > 1e-9) {
    throw new RegimeError(`The probabilities of the regimes add up to ${total}.`, "Make them add up to one.");
  }
  const size = regimes[0]!.betas.length;
  if (size === 0) return [];
  const covariance = Matrix.zeros(size, size);
  const pull = Matrix.zeros(size, 1);
  for (const regime of regimes) {
    const weighted = new Matrix(regime.covariance as number[][]).mul(regime.probability);
    covariance.add(weighted);
    pull.add(weighted.mmul(Matrix.columnVector(regime.betas as number[])));
  }
  if (covariance.diagonal().some((value) => !(value > 0))) {
    throw new RegimeError("A hedge has no variance in any likely regime.", "Leave it out.");
  }
  return solve(covariance, pull, true).to1DArray();
}
