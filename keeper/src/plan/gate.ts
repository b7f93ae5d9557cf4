import type { GammaTerm, LimitsState, VaultState } from "@crosshedge/sdk";
import { deltaGammaVariance } from "../model/covariance-oracle.js";
import type { Measured } from "./measure-book.js";
import { isStable, settlementIndex } from "./situation.js";

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
  /** What it takes of the loss budget, share of NAV. */
  readonly charge: number;
}

const usd = (value: bigint): number => Number(value) / 1e18;
const ratio = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** The covariance that the chain measures with, or null where it does not measure. */
export function chainCovariance({ covariance }: VaultState): ChainCovariance | null {
  const { usable, fast, slow } = covariance;
  if (!usable || fast === null || slow === null) return null;
  const plain = (rows: bigint[][]): number[] => rows.flat().map(ratio);
  return { fast: plain(fast), slow: plain(slow) };
}

/** A matrix of the chain's by rows. */
export function covarianceRows(flat: readonly number[]): number[][] {
  const size = Math.round(Math.sqrt(flat.length));
  return Array.from({ length: size }, (_, i) => flat.slice(i * size, (i + 1) * size));
}

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

/** What the Rebalancer judges a plan by, besides the covariance. */
export interface Rules {
  readonly limits: LimitsState;
  /** Of the keeper's loss budget, share of NAV, 1e18. */
  readonly lossSpent: bigint;
  /** Feeds' deviation thresholds by asset, 1.0 = 100%. */
  readonly thresholds: readonly number[];
  /** By asset: no cap on exposure to it. */
  readonly stable: readonly boolean[];
  /** Index of the settlement token. */
  readonly settlement: number;
}

/** The rules of a vault as it stands. */
export function rulesOf(state: VaultState): Rules {
  const { limits, lossSpent, prices, assets } = state;
  return {
    limits,
    lossSpent: lossSpent.keeper,
    thresholds: prices.mid.map((mid, i) => (mid > 0n ? Number(prices.half[i] ?? 0n) / Number(mid) : 0)),
    stable: assets.map(isStable),
    settlement: settlementIndex(state),
  };
}

/** What a plan takes of the loss budget: the fall of the NAV, and the feeds' thresholds on what it trades. Share of NAV. */
export function chargeOf({ thresholds }: Rules, before: Measured, after: Measured): number {
  const fall = Math.max(0, usd(before.nav - after.nav));
  const traded = before.exposure.reduce(
    (sum, exposure, i) => sum + (thresholds[i] ?? 0) * Math.abs(usd(after.exposure[i]! - exposure)),
    0,
  );
  return (fall + traded) / usd(before.nav || 1n);
}

/** What is left of the keeper's loss budget, share of NAV. */
export function budgetLeft({ limits, lossSpent }: Rules): number {
  return Math.max(0, ratio(limits.lossBudget - lossSpent));
}

/** What a plan is made of, as far as the checks differ. */
export interface PlanNature {
  /** Every order can only make the vault safer. */
  readonly onlyReductions: boolean;
  /** Nothing but margin is added: free of charge, and asked for no effect. */
  readonly onlyMargin: boolean;
}

/** The Rebalancer's checks on a predicted outcome. A figure beyond its limit already may stay there, but not grow. */
export function judge(
  chain: ChainCovariance,
  rules: Rules,
  before: Measured,
  after: Measured,
  nature: PlanNature,
): GateVerdict {
  const { limits } = rules;
  const horizon = Number(limits.horizon);
  const nav = usd(after.nav);
  const was = chainVariance(chain, before.exposure, before.gammas, horizon);
  const is = chainVariance(chain, after.exposure, after.gammas, horizon);
  const naked = after.exposure.map((value, asset) => value - after.hedgeExposure[asset]!);
  const unhedged = chainVariance(chain, naked, after.gammas, horizon).total;
  const volatility = (variance: number): number => Math.sqrt(variance) / nav;
  const verdict = {
    varianceBefore: was.total,
    varianceAfter: is.total,
    varianceUnhedged: unhedged,
    volatilityBefore: Math.sqrt(was.total) / usd(before.nav || 1n),
    volatilityAfter: volatility(is.total),
    gammaVolatility: volatility(is.gammaPart),
    reduced: is.total < was.total,
    charge: nature.onlyMargin ? 0 : chargeOf(rules, before, after),
  };
  if (nav <= 0) return { ...verdict, accepted: false, reasons: ["the vault would be worth nothing"] };
  const reasons = [
    ...costFaults(rules, before, after, verdict.charge),
    ...venueFaults(limits, before, after, nav),
    ...(nature.onlyReductions ? [] : capFaults(rules, before, after, nav)),
  ];
  const maxGamma = ratio(limits.maxGammaVolatility);
  if (verdict.gammaVolatility > maxGamma && !nature.onlyReductions && is.gammaPart > was.gammaPart) {
    reasons.push(`gamma volatility ${percent(verdict.gammaVolatility)} is above ${percent(maxGamma)}`);
  }
  if (!verdict.reduced && !nature.onlyMargin) reasons.push(...hedgeFaults(limits, verdict, volatility(unhedged)));
  return { ...verdict, accepted: reasons.length === 0, reasons };
}

function costFaults(rules: Rules, before: Measured, after: Measured, charge: number): string[] {
  const { limits } = rules;
  const reasons: string[] = [];
  const loss = usd(before.nav - after.nav) / usd(before.nav || 1n);
  if (loss > ratio(limits.maxLoss))
    reasons.push(`the loss of ${percent(loss)} is above ${percent(ratio(limits.maxLoss))}`);
  const left = budgetLeft(rules);
  if (charge > left) {
    reasons.push(`it would take ${percent(charge)} of NAV from the loss budget, of which ${percent(left)} is left`);
  }
  return reasons;
}

function venueFaults(limits: LimitsState, before: Measured, after: Measured, nav: number): string[] {
  const most = ratio(limits.maxVenue);
  return Object.entries(after.legEquity).flatMap(([leg, equity]) => {
    if (usd(equity) <= most * nav || equity <= (before.legEquity[leg] ?? 0n)) return [];
    return [`${percent(usd(equity) / nav)} of NAV would lie in ${leg}, more than ${percent(most)}`];
  });
}

function capFaults({ limits, stable, settlement }: Rules, before: Measured, after: Measured, nav: number): string[] {
  const reasons: string[] = [];
  for (const [leg, margin] of Object.entries(after.marginRatio)) {
    if (margin === null || margin >= limits.minMarginRatio) continue;
    reasons.push(
      `the margin ratio of ${leg} is ${percent(ratio(margin))}, below ${percent(ratio(limits.minMarginRatio))}`,
    );
  }
  const mostAsset = ratio(limits.maxAsset);
  after.exposure.forEach((value, asset) => {
    const [is, was] = [Math.abs(usd(value)), Math.abs(usd(before.exposure[asset] ?? 0n))];
    if (stable[asset] || is <= mostAsset * nav || is <= was) return;
    reasons.push(`exposure to asset ${asset} would be ${percent(is / nav)} of NAV, more than ${percent(mostAsset)}`);
  });
  const grossOf = ({ hedgeExposure }: Measured): number =>
    hedgeExposure.reduce((sum, value, asset) => (asset === settlement ? sum : sum + Math.abs(usd(value))), 0);
  const [gross, mostGross] = [grossOf(after), ratio(limits.maxGross)];
  if (gross > mostGross * nav && gross > grossOf(before)) {
    reasons.push(`shorts would be ${percent(gross / nav)} of NAV, more than ${percent(mostGross)}`);
  }
  return reasons;
}

function hedgeFaults(
  limits: LimitsState,
  { varianceAfter, varianceUnhedged, volatilityAfter }: Omit<GateVerdict, "accepted" | "reasons">,
  unhedgedVolatility: number,
): string[] {
  const reasons: string[] = [];
  const least = ratio(limits.minHedge);
  const removed = varianceUnhedged > 0 ? 1 - varianceAfter / varianceUnhedged : 1;
  if (volatilityAfter > ratio(limits.maxVolatility)) {
    reasons.push(
      `variance does not fall and volatility ${percent(volatilityAfter)} is above ${percent(ratio(limits.maxVolatility))}`,
    );
  }
  if (unhedgedVolatility >= ratio(limits.hedgeFloor) && removed < least) {
    reasons.push(`variance does not fall and the hedge removes ${percent(removed)} of it, less than ${percent(least)}`);
  }
  return reasons;
}
