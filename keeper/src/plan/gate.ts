import type { GammaTerm, LimitsState } from "@crosshedge/sdk";
import { deltaGammaVariance } from "../model/covariance-oracle.js";
import type { Measured } from "./measure-book.js";

/** The chain's covariance by half-life, row-major, 1.0 = 100%² a year. */
export interface ChainCovariance {
  readonly fast: readonly number[];
  readonly slow: readonly number[];
}

/** What the Rebalancer will measure, and whether it will accept. */
export interface GateVerdict {
  readonly accepted: boolean;
  /** In words; empty where accepted. */
  readonly reasons: readonly string[];
  /** USD² a year. */
  readonly varianceBefore: number;
  readonly varianceAfter: number;
  readonly varianceUnhedged: number;
  /** √variance / NAV, 1.0 = 100% a year. */
  readonly volatilityBefore: number;
  readonly volatilityAfter: number;
  readonly gammaVolatility: number;
  /** True if the variance falls. */
  readonly reduced: boolean;
}

const usd = (value: bigint): number => Number(value) / 1e18;
const ratio = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** x'Σx + ½h·tr((ΓΣ)²), the larger under the two matrices. */
export function chainVariance(
  chain: ChainCovariance,
  exposure: readonly bigint[],
  gammas: readonly GammaTerm[],
  horizon: number,
): { total: number; gammaPart: number } {
  const x = exposure.map(usd);
  const terms = gammas.map(({ c, i, j }) => ({ c: usd(c), i, j }));
  const fast = deltaGammaVariance(chain.fast, x, terms, horizon);
  const slow = deltaGammaVariance(chain.slow, x, terms, horizon);
  return slow.total > fast.total ? slow : fast;
}

/**
 * The Rebalancer's checks on a predicted outcome.
 *
 * @param onlyReductions True if every order of the plan can only make the vault safer
 */
export function judge(
  chain: ChainCovariance,
  limits: LimitsState,
  before: Measured,
  after: Measured,
  onlyReductions = false,
): GateVerdict {
  const horizon = Number(limits.horizon);
  const nav = usd(after.nav);
  const was = chainVariance(chain, before.exposure, before.gammas, horizon);
  const is = chainVariance(chain, after.exposure, after.gammas, horizon);
  const naked = after.exposure.map((value, asset) => value - after.hedgeExposure[asset]!);
  const unhedged = chainVariance(chain, naked, after.gammas, horizon).total;
  const volatility = (variance: number): number => Math.sqrt(variance) / nav;
  const reduced = is.total < was.total;
  const verdict = {
    varianceBefore: was.total,
    varianceAfter: is.total,
    varianceUnhedged: unhedged,
    volatilityBefore: Math.sqrt(was.total) / usd(before.nav || 1n),
    volatilityAfter: volatility(is.total),
    gammaVolatility: volatility(is.gammaPart),
    reduced,
  };
  if (nav <= 0) return { ...verdict, accepted: false, reasons: ["the vault would be worth nothing"] };

  const reasons: string[] = [];
  const maxGamma = ratio(limits.maxGammaVolatility);
  if (verdict.gammaVolatility > maxGamma && !onlyReductions && is.gammaPart > was.gammaPart) {
    reasons.push(`gamma volatility ${percent(verdict.gammaVolatility)} is above ${percent(maxGamma)}`);
  }
  const loss = usd(before.nav - after.nav) / usd(before.nav || 1n);
  if (loss > ratio(limits.maxLoss))
    reasons.push(`the loss of ${percent(loss)} is above ${percent(ratio(limits.maxLoss))}`);
  for (const [leg, margin] of Object.entries(after.marginRatio)) {
    if (margin === null || margin >= limits.minMarginRatio || onlyReductions) continue;
    reasons.push(
      `the margin ratio of ${leg} is ${percent(ratio(margin))}, below ${percent(ratio(limits.minMarginRatio))}`,
    );
  }
  if (!reduced) {
    const least = ratio(limits.minHedge);
    const removed = unhedged > 0 ? 1 - is.total / unhedged : 1;
    if (verdict.volatilityAfter > ratio(limits.maxVolatility)) {
      reasons.push(
        `variance does not fall and volatility ${percent(verdict.volatilityAfter)} is above ${percent(ratio(limits.maxVolatility))}`,
      );
    }
    if (volatility(unhedged) >= ratio(limits.hedgeFloor) && removed < least) {
      reasons.push(
        `variance does not fall and the hedge removes ${percent(removed)} of it, less than ${percent(least)}`,
      );
    }
  }
  return { ...verdict, accepted: reasons.length === 0, reasons };
}
