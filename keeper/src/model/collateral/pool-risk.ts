import { betas } from "../beta.js";

/** What a dollar of liquidity is to the vault. */
export interface PoolRisk {
  /** USD by asset, of one dollar. */
  readonly exposure: readonly number[];
  /** Dollar gamma c·uu' of one dollar, u = e_i − e_j: c is 0 or less. */
  readonly gamma: { readonly c: number; readonly i: number; readonly j: number };
}

/** What a hedge in some of the assets leaves of a covariance: Σ − B·Σ_HA. Positive semidefinite wherever it is. */
export function residualCovariance(covariance: readonly (readonly number[])[], hedges: readonly number[]): number[][] {
  const ratios = betas(covariance, hedges);
  return covariance.map((row, i) =>
    row.map((value, j) => value - hedges.reduce((sum, hedge, h) => sum + ratios[i]![h]! * covariance[hedge]![j]!, 0)),
  );
}

/**
 * Covariance of what a dollar in each pool brings after the hedge: e_i'·Σ_residual·e_j + ½h·tr(Γ_iΣΓ_jΣ). The second is what moves between
 * two hedges, by the chain's own measure of gamma; no hedge takes it out.
 *
 * @param covariance Annual, by asset
 * @param hedges Assets that have an instrument
 * @param horizon Between hedges, years
 */
export function poolCovariance(
  pools: readonly PoolRisk[],
  covariance: readonly (readonly number[])[],
  hedges: readonly number[],
  horizon: number,
): number[][] {
  const residual = residualCovariance(covariance, hedges);
  return pools.map((a) =>
    pools.map((b) => {
      const linear = a.exposure.reduce((sum, x, i) => {
        return sum + x * b.exposure.reduce((part, y, j) => part + y * residual[i]![j]!, 0);
      }, 0);
      return linear + (horizon / 2) * a.gamma.c * b.gamma.c * ratioCovariance(a.gamma, b.gamma, covariance) ** 2;
    }),
  );
}

/** Covariance of the log ratios of two pairs. */
export function ratioCovariance(
  a: { readonly i: number; readonly j: number },
  b: { readonly i: number; readonly j: number },
  covariance: readonly (readonly number[])[],
): number {
  const at = (i: number, j: number): number => covariance[i]![j]!;
  return at(a.i, b.i) - at(a.i, b.j) - at(a.j, b.i) + at(a.j, b.j);
}
