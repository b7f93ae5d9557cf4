import { KeeperError } from "../../errors.js";
import { betas } from "../beta.js";
import { covarianceWithBetas } from "../covariance-with-betas.js";
import type { CovarianceStress, StressMarket } from "./scenario.js";

/**
 * A covariance under stress. Correlations go to one or to zero by (1−λ)R + λT, T the matrix of ones or the identity: positive semidefinite as
 * both are, for any λ in [0, 1]; variances stay. Stable assets have no part in it. Betas of what is no hedge on the hedges are scaled, what
 * the hedges do not explain stays. Volatilities are scaled all alike, those of stable assets too.
 *
 * @param covariance Positive semidefinite, by asset
 * @returns Positive semidefinite
 * @throws KeeperError for a weight outside of [0, 1] or a factor that is not positive
 */
export function stressCovariance(
  covariance: readonly (readonly number[])[],
  stress: CovarianceStress,
  { stable, hedges }: Pick<StressMarket, "stable" | "hedges">,
): number[][] {
  switch (stress.kind) {
    case "correlation": {
      const { weight, towards } = stress;
      if (!(weight >= 0 && weight <= 1)) throw bad(`a weight of ${weight}`, "between 0 and 1");
      return blended(covariance, weight, (i, j) => (towards === "one" && !stable[i] && !stable[j] ? 1 : 0));
    }
    case "betas": {
      requirePositive(stress.factor);
      const own = betas(covariance, hedges);
      const scaled = own.map((row, asset) => (stable[asset] ? null : row.map((beta) => beta * stress.factor)));
      return covarianceWithBetas(covariance, hedges, scaled);
    }
    case "volatility":
      requirePositive(stress.factor);
      return covariance.map((row) => row.map((value) => value * stress.factor ** 2));
  }
}

function blended(
  covariance: readonly (readonly number[])[],
  weight: number,
  target: (i: number, j: number) => number,
): number[][] {
  const deviation = covariance.map((row, i) => Math.sqrt(row[i]!));
  return covariance.map((row, i) =>
    row.map((value, j) => {
      if (i === j) return value;
      return (1 - weight) * value + weight * target(i, j) * deviation[i]! * deviation[j]!;
    }),
  );
}

function requirePositive(factor: number): void {
  if (!(factor > 0 && Number.isFinite(factor))) throw bad(`a factor of ${factor}`, "above zero");
}

function bad(what: string, wanted: string): KeeperError {
  return new KeeperError(`A stress of a covariance with ${what}.`, `Give one ${wanted}.`);
}
