import { iso } from "../backtest/time.js";
import type { KeeperConfig } from "../config.js";
import { KeeperError } from "../errors.js";
import { betaScenarios, type SemiBetas } from "../model/stress/beta-scenarios.js";
import { correlationScenarios } from "../model/stress/correlation-scenarios.js";
import { depegScenarios } from "../model/stress/depeg-scenarios.js";
import { EVENTS, type EventWindow } from "../model/stress/event-windows.js";
import { gridScenarios } from "../model/stress/grid-scenarios.js";
import { hedgeLossScenarios } from "../model/stress/hedge-loss-scenarios.js";
import { rangeScenarios } from "../model/stress/range-scenarios.js";
import type { ScenarioGroup, StressMarket } from "../model/stress/scenario.js";
import { openBook, unitsFor } from "../plan/book.js";
import { measureBook } from "../plan/measure-book.js";
import { queueCash } from "../plan/queue-cash.js";
import type { Situation } from "../plan/situation.js";
import { type FailurePropagation, failurePropagation } from "./failure/failure-propagation.js";
import { legTerms } from "./margin-health.js";
import { type PriceHistory, replayPath, semiBetasOf } from "./price-history.js";
import { type ReplayResult, replay } from "./replay.js";
import { runScenario, type ScenarioResult, type StressBase } from "./run-scenario.js";
import { baseCovariance, betaCovariance, stressMarket } from "./stress-market.js";

/** How a vault is stressed. */
export interface StressOptions {
  /** The keeper's, for how it brings margin. */
  readonly config: KeeperConfig;
  /** Without it there are no replays, and downside and upside betas are taken from the forecast's. */
  readonly prices?: PriceHistory;
  /** The windows that are replayed; the known events where it is left out. */
  readonly windows?: readonly EventWindow[];
  /** Hours from when a margin is low until more of it is there; nobody brings any in a replay where it is left out. */
  readonly topUpLatency?: number;
  /** Margin over notional below which a venue that does not tell liquidates, 1.0 = 100%; Perp v2's 6.25% where it is left out. */
  readonly maintenance?: number;
  /** Share of the notional that a liquidation takes; 5% where it is left out. */
  readonly liquidationPenalty?: number;
  /** Figures that replace those assumed of failures around the vault. */
  readonly failures?: unknown;
}

/** Results of one kind of scenario. */
export interface GroupResult extends Omit<ScenarioGroup, "scenarios"> {
  readonly results: readonly ScenarioResult[];
}

/** The worst of several outcomes. */
export interface WorstCase {
  readonly name: string;
  /** Loss over the NAV before, never negative, 1.0 = 100%. */
  readonly loss: number;
}

/** What may happen to a vault as it stands. */
export interface StressReport {
  readonly vault: {
    readonly address: string;
    readonly name: string;
    readonly block: number;
    readonly timestamp: number;
  };
  /** USD. */
  readonly nav: number;
  /** The vault before anything happens. */
  readonly now: ScenarioResult;
  readonly groups: readonly GroupResult[];
  readonly replays: readonly ReplayResult[];
  readonly failures: FailurePropagation;
  /** The worst of all scenarios by `counted`, and of all replays by their lowest hour; null where there are none. */
  readonly worst: { readonly scenario: WorstCase | null; readonly replay: WorstCase | null };
  /** What a reader should know of how it was made, in words. */
  readonly notes: readonly string[];
}

/** How an alt's move over ETH's in ETH's worst and best 1% of hours differs from one, in the median of 23 alts (2021-04 to 2023-12). */
const USUAL: SemiBetas = { down: 1.06, up: 0.87 };

/**
 * Stress a vault as it stands: every scenario on its positions, and its way through stretches of history. Pure: a situation, prices and
 * options give the same report.
 *
 * @throws KeeperError where there are no usable prices, or nothing in the vault
 */
export function stressVault(situation: Situation, options: StressOptions): StressReport {
  const { state } = situation;
  if (!state.prices.ok) {
    throw new KeeperError("A price of the vault is not usable now.", "Wait for its feed, or stress an earlier block.");
  }
  const book = openBook(situation);
  const nav = Number(measureBook(book).nav) / 1e18;
  if (nav <= 0) throw new KeeperError("The vault is empty: there is nothing to stress.", "Deposit first.");
  const market = stressMarket(situation, book);
  const base: StressBase = {
    ...{ book, market, limits: state.limits, covariance: baseCovariance(situation) },
    terms: legTerms(state, options.maintenance ?? 0.0625),
    liquidationPenalty: options.liquidationPenalty ?? 0.05,
  };
  const semi = semiBetasFor(market, options.prices);
  const groups = groupsFor(market, semi).map(({ scenarios, ...group }): GroupResult => {
    return { ...group, results: scenarios.map((scenario) => runScenario(base, scenario)) };
  });
  const { replays, notes } = replaysOf(situation, base, options);
  const { address, name, block } = state;
  const now = runScenario(base, { name: "as it stands", steps: [] });
  return {
    vault: { address, name, block: block.number, timestamp: block.timestamp },
    ...{ nav, groups, replays },
    now,
    failures: failurePropagation(state, book, { unhedgedVolatility: unhedged(now), figures: options.failures ?? {} }),
    worst: {
      scenario: worstOf(groups.flatMap(({ results }) => results).map(({ name, counted }) => ({ name, loss: counted }))),
      replay: worstOf(replays.map(({ name, worst }) => ({ name, loss: Math.max(0, -worst.share) }))),
    },
    notes: [...notesOn(situation, base), ...notes],
  };
}

/** Volatility without the hedge. */
function unhedged({ volatility, effectiveness }: ScenarioResult): number | null {
  return volatility === null || effectiveness === null || effectiveness >= 1
    ? volatility
    : volatility / Math.sqrt(1 - effectiveness);
}

/** Every kind of scenario, in the order of a report. */
function groupsFor(market: StressMarket, semi: readonly (SemiBetas | null)[]): ScenarioGroup[] {
  return [
    betaScenarios(market, semi),
    rangeScenarios(market),
    hedgeLossScenarios(market),
    depegScenarios(market),
    gridScenarios(market),
    correlationScenarios(),
  ].filter(({ scenarios }) => scenarios.length > 0);
}

/** Measured where prices tell, else the usual asymmetry on the betas of all hedges. */
function semiBetasFor(market: StressMarket, prices: PriceHistory | undefined): SemiBetas[] {
  const measured = prices === undefined ? [] : semiBetasOf(prices, market);
  return market.betas.map((row, asset) => {
    const beta = row.reduce((sum, value) => sum + value, 0);
    return measured[asset] ?? { down: USUAL.down * beta, up: USUAL.up * beta };
  });
}

function replaysOf(situation: Situation, base: StressBase, options: StressOptions) {
  const { prices, windows = EVENTS, topUpLatency, config } = options;
  if (prices === undefined) {
    return { replays: [], notes: ["No replays: they need hourly prices of the past, which --prices names."] };
  }
  const { book, market } = base;
  const { symbols } = market;
  const covariance = betaCovariance(situation);
  const betaOn = (asset: number, hedge: number): number =>
    covariance === null ? 1 : covariance[asset]![hedge]! / covariance[hedge]![hedge]!;
  const reserve = queueCash(situation.state).claims;
  const reserved = unitsFor(book, book.settlement, BigInt(Math.round(reserve * 1e6)) * 10n ** 12n);
  const topUps = { latency: topUpLatency ?? null, reserved, config };
  const notes: string[] = [];
  const replays = windows.flatMap((window) => {
    const path = replayPath(prices, market, window, betaOn);
    if (path === null) {
      const names = market.hedges.map((hedge) => symbols[hedge]).join(", ") || "a hedge";
      notes.push(`${window.name} is not replayed: the files have no prices of ${names} from ${iso(window.from)} on.`);
      return [];
    }
    path.sources.forEach((source, asset) => {
      if (source.kind === "beta") {
        const of = `${source.beta.toFixed(2)} times the move of ${symbols[source.of]}`;
        notes.push(`${window.name}: no prices of ${symbols[asset]}; taken as its beta, ${of}.`);
      } else if (source.kind === "constant") {
        notes.push(`${window.name}: no prices of ${symbols[asset]}; taken as constant.`);
      }
    });
    return [replay(base, window, path, topUps)];
  });
  return { replays, notes };
}

function notesOn({ state, forecast }: Situation, { covariance, terms }: StressBase): string[] {
  const notes: string[] = [];
  if (covariance === null)
    notes.push("No covariance is known yet, of the chain's or the forecast's: volatilities are left out.");
  if (covariance?.from === "forecast") {
    notes.push("The chain's covariance is not usable now: volatilities are by the keeper's forecast.");
  }
  if (forecast === null) {
    notes.push(
      covariance === null
        ? "Betas are not known: every asset is taken to move as the first hedge does."
        : "The keeper has no forecast yet: betas are those of the chain's covariance.",
    );
  }
  for (const { leg, maintenance, told } of terms) {
    if (!told)
      notes.push(`${leg} does not tell when it liquidates: taken as below ${maintenance * 100}% of the notional.`);
  }
  const unknown = state.legs.filter(({ kind }) => kind === "other");
  if (unknown.length > 0) {
    notes.push(
      `Left out, as this version knows them only by their value: ${unknown.map(({ address }) => address).join(", ")}.`,
    );
  }
  return notes;
}

function worstOf(cases: readonly WorstCase[]): WorstCase | null {
  return cases.reduce<WorstCase | null>((worst, one) => (worst === null || one.loss > worst.loss ? one : worst), null);
}
