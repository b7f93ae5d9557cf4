import type { LimitsState } from "@crosshedge/sdk";
import type { Scenario, StressMarket } from "../model/stress/scenario.js";
import { stressCovariance } from "../model/stress/stress-covariance.js";
import type { Book } from "../plan/book.js";
import { chainVariance } from "../plan/gate.js";
import { accountOf } from "../plan/hedge-account.js";
import { type Measured, measureBook } from "../plan/measure-book.js";
import { type LegTerms, type MarginHealth, marginHealth } from "./margin-health.js";
import { asChain, type BaseCovariance } from "./stress-market.js";
import { carryOut, liquidated, movePrices } from "./stressed-book.js";

/** What scenarios are carried out on. */
export interface StressBase {
  readonly book: Book;
  readonly market: StressMarket;
  readonly covariance: BaseCovariance | null;
  readonly terms: readonly LegTerms[];
  readonly limits: Pick<LimitsState, "horizon" | "hedgeFloor">;
  /** Share of the notional that a liquidation takes. */
  readonly liquidationPenalty: number;
}

/** Share of the notional that a liquidation takes where nobody says otherwise. */
export const LIQUIDATION_PENALTY = 0.05;

/** A hedge leg after a scenario. */
export interface LegOutcome {
  readonly leg: string;
  readonly venue: string;
  /** Least margin over notional on the way, 1.0 = 100%; null where it never had a position. */
  readonly leastMargin: number | null;
  readonly liquidated: boolean;
}

/** What a scenario does to a vault. Shares and volatilities: 1.0 = 100%. */
export interface ScenarioResult {
  readonly name: string;
  /** Change of the NAV by the chain's measure, USD. */
  readonly change: number;
  /** The same over the NAV before. */
  readonly share: number;
  /** Part of `change` that came from hedge legs, USD. */
  readonly hedge: number;
  /** Loss over the NAV before that counts for the worst case, zero for a gain: damped, and with what closing at the venues' prices would take. */
  readonly counted: number;
  /** √variance / NAV a year, under the stressed covariance at the stressed prices; null where no covariance is known or nothing is left. */
  readonly volatility: number | null;
  /** 1 − variance with the hedge / variance without it, under the same; null where there is too little of it for the chain to ask. */
  readonly effectiveness: number | null;
  readonly legs: readonly LegOutcome[];
}

/** Carry a scenario out. A leg that falls below its venue's maintenance at any step is liquidated there, for what follows too. */
export function runScenario(base: StressBase, scenario: Scenario): ScenarioResult {
  const basis = scenario.basis ?? 0;
  const least = new Map(base.terms.map(({ leg }) => [leg, { ratio: null, liquidated: false } as MarginHealth]));
  const watch = (book: Book): Book => {
    let next = book;
    for (const terms of base.terms) {
      const now = marginHealth(atVenues(next, basis), terms);
      const before = least.get(terms.leg)!;
      least.set(terms.leg, {
        ratio: smaller(before.ratio, now.ratio),
        liquidated: before.liquidated || now.liquidated,
      });
      if (now.liquidated) next = liquidated(next, terms.leg, base.liquidationPenalty);
    }
    return next;
  };
  let stressed = { book: watch(base.book), removed: {} };
  for (const step of scenario.steps) {
    const next = carryOut(stressed, step);
    stressed = { ...next, book: watch(next.book) };
  }
  const [before, after] = [measureBook(base.book), measureBook(stressed.book)];
  const [nav, change] = [usd(before.nav), usd(after.nav - before.nav)];
  const loss = Math.max(0, Math.max(0, closingAt(stressed.book, basis)) - change);
  return {
    name: scenario.name,
    change,
    share: change / nav,
    hedge: hedgeGain(base.book, stressed.book),
    counted: (loss * (scenario.damping ?? 1)) / nav,
    ...volatilityOf(base, scenario, after),
    legs: base.terms.map(({ leg, venue }) => {
      const { ratio, liquidated } = least.get(leg)!;
      return { leg, venue, leastMargin: ratio, liquidated };
    }),
  };
}

/** √variance over NAV, and what the hedge takes out of the variance, by the chain's measure. */
function volatilityOf(base: StressBase, { covariance }: Scenario, after: Measured) {
  if (base.covariance === null || after.nav <= 0n) return { volatility: null, effectiveness: null };
  const { matrices } = base.covariance;
  const stressed =
    covariance === undefined ? matrices : matrices.map((matrix) => stressCovariance(matrix, covariance, base.market));
  const chain = asChain(stressed);
  const horizon = Number(base.limits.horizon);
  const naked = after.exposure.map((value, asset) => value - after.hedgeExposure[asset]!);
  const hedged = chainVariance(chain, after.exposure, after.gammas, horizon).total;
  const unhedged = chainVariance(chain, naked, after.gammas, horizon).total;
  const asked = Math.sqrt(unhedged) / usd(after.nav) >= usd(base.limits.hedgeFloor);
  return {
    volatility: Math.sqrt(hedged) / usd(after.nav),
    effectiveness: asked && unhedged > 0 ? 1 - hedged / unhedged : null,
  };
}

/** The book at the venues' prices of what is shorted. */
function atVenues(book: Book, basis: number): Book {
  if (basis === 0) return book;
  const shorted = new Set(Object.values(book.hedges).flatMap(({ positions }) => positions.map(({ asset }) => asset)));
  return movePrices(
    book,
    book.prices.map((_, asset) => (shorted.has(asset) ? 1 + basis : 1)),
  );
}

/**
 * What hedge legs gained from one book to another, USD: in settlement tokens, at what those are worth after. What these lost against the
 * dollar is no loss of the hedge.
 *
 * @param added Settlement tokens at par, 1e18, that legs were given between the two
 */
export function hedgeGain(before: Book, after: Book, added = 0n): number {
  const gained = equityAtPar(after) - equityAtPar(before) - added;
  return usd((gained * after.prices[after.settlement]!) / 10n ** 18n);
}

function equityAtPar({ hedges, prices }: Book): bigint {
  return Object.values(hedges).reduce((sum, hedge) => sum + accountOf(prices, hedge).equity, 0n);
}

/** What closing all shorts at the venues' prices would take more than at the oracle's, USD. */
function closingAt(book: Book, basis: number): number {
  const venues = atVenues(book, basis);
  return Object.values(book.hedges).reduce((sum, hedge) => {
    return sum + usd(accountOf(book.prices, hedge).equity - accountOf(venues.prices, hedge).equity);
  }, 0);
}

/** The smaller of two ratios, of which each may not be there. */
export function smaller(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}

function usd(value: bigint): number {
  return Number(value) / 1e18;
}
