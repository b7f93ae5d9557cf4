import type { GammaTerm } from "../state/legTypes.js";
import type { VaultState } from "../state/types.js";
import { ONE } from "../units.js";

/** A variance, USD² a year, 1e18. */
export interface Variance {
  total: bigint;
  /** The part of `total` that comes from gamma. */
  gamma: bigint;
}

/** The vault's variance, with and without its hedge legs. */
export interface Variances {
  hedged: Variance;
  unhedged: Variance;
}

/** Bounds and fixed point of contracts/risk/RiskMath.sol. */
const MOST_USD = 10n ** 30n;
const MOST_GAMMAS = 64;
const YEAR = 365n * 86_400n;
const SHIFT = 30n;
const FORM_UNIT = 10n ** 36n / 2n ** SHIFT;
const BILLION = 10n ** 9n;

type Matrix = readonly (readonly bigint[])[];

const entry = (sigma: Matrix, i: number, j: number): bigint => sigma[i]?.[j] ?? 0n;

/** x'Σx. */
function quadraticForm(sigma: Matrix, x: readonly bigint[]): bigint {
  let sum = 0n;
  x.forEach((xi, i) => {
    for (let j = i; j < x.length; j++) {
      sum += (i === j ? 1n : 2n) * entry(sigma, i, j) * ((xi * (x[j] ?? 0n)) >> SHIFT);
    }
  });
  return sum > 0n ? sum / FORM_UNIT : 0n;
}

/** ½·h·tr((ΓΣ)²). */
function gammaVariance(sigma: Matrix, gammas: readonly GammaTerm[], horizon: bigint): bigint {
  let sum = 0n;
  for (const a of gammas) {
    for (const b of gammas) {
      const m = entry(sigma, a.i, b.i) - entry(sigma, a.i, b.j) + entry(sigma, a.j, b.j) - entry(sigma, a.j, b.i);
      sum += ((a.c * m) / ONE) * ((b.c * m) / ONE);
    }
  }
  return sum > 0n ? ((sum / BILLION) * horizon) / (2n * YEAR * BILLION) : 0n;
}

/**
 * x'Σx + ½·h·tr((ΓΣ)²), the larger under the fast and the slow matrix, in the steps and roundings of the covariance oracle. Its matrices are
 * shown rounded down by up to half a unit of 1e-18 beside the diagonal, so that the total is its `variance` but for Σ|x_i·x_j|·1e-18, less
 * than a part in 10¹⁵; the gamma part is the same to the last digit.
 *
 * @param exposure USD by asset
 * @returns Null where the oracle has no matrices, or refuses amounts as large as these
 */
export function varianceOf(
  { fast, slow }: VaultState["covariance"],
  exposure: readonly bigint[],
  gammas: readonly GammaTerm[],
  horizon: bigint,
): Variance | null {
  const tooLarge = (usd: bigint): boolean => usd > MOST_USD || usd < -MOST_USD;
  if (fast === null || slow === null || gammas.length > MOST_GAMMAS) return null;
  if (exposure.some(tooLarge) || gammas.some(({ c }) => tooLarge(c))) return null;
  const under = (sigma: Matrix): Variance => {
    const gamma = gammaVariance(sigma, gammas, horizon);
    return { total: quadraticForm(sigma, exposure) + gamma, gamma };
  };
  const [a, b] = [under(fast), under(slow)];
  return b.total > a.total ? b : a;
}

/**
 * The vault's variance by the on-chain covariance, as the Rebalancer measures it.
 *
 * @returns Null while prices are bad, and where the covariance oracle has no matrices
 */
export function variancesOf({ prices, portfolio, covariance, limits }: VaultState): Variances | null {
  if (!prices.ok) return null;
  const { exposure, hedgeExposure, gammas } = portfolio;
  const without = exposure.map((total, index) => total - (hedgeExposure[index] ?? 0n));
  const hedged = varianceOf(covariance, exposure, gammas, limits.horizon);
  const unhedged = varianceOf(covariance, without, gammas, limits.horizon);
  return hedged && unhedged && { hedged, unhedged };
}
