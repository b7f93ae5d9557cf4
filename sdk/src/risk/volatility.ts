import { isqrt, mulDivUp } from "../math.js";
import type { VaultState } from "../state/types.js";
import { ONE, type Ratio18, type Usd18 } from "../units.js";
import { variancesOf } from "./variance.js";

/** √variance / NAV, 1e18 = 100% a year; null where the covariance or the NAV does not allow it. */
export interface VolatilityLine {
  hedged: Ratio18 | null;
  /** As if the hedge legs were not there. */
  unhedged: Ratio18 | null;
  /** The part of `hedged` that would be there without any exposure, from gamma alone. */
  gamma: Ratio18 | null;
  /** Share of the unhedged variance that the hedge legs remove, rounded down; negative where they add to it, null where there is none. */
  removed: Ratio18 | null;
}

/**
 * √variance / NAV, 1e18 = 100% a year, rounded up as the Rebalancer does; null for a NAV that is not above zero.
 *
 * @param variance USD² a year, 1e18
 */
export function volatilityOf(variance: bigint, nav: Usd18): Ratio18 | null {
  if (nav <= 0n) return null;
  const root = isqrt(variance);
  return mulDivUp(root * root < variance ? root + 1n : root, 10n ** 27n, nav);
}

/** The vault's volatility by the on-chain covariance, with and without its hedge legs. */
export function volatilityLine(state: VaultState): VolatilityLine {
  const variances = variancesOf(state);
  if (variances === null) return { hedged: null, unhedged: null, gamma: null, removed: null };
  const { hedged, unhedged } = variances;
  const { nav } = state.portfolio;
  return {
    hedged: volatilityOf(hedged.total, nav),
    unhedged: volatilityOf(unhedged.total, nav),
    gamma: volatilityOf(hedged.gamma, nav),
    removed: unhedged.total === 0n ? null : ONE - mulDivUp(hedged.total, ONE, unhedged.total),
  };
}
