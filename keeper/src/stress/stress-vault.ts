import { KeeperError } from "../errors.js";
import { openBook, unitsFor } from "../plan/book.js";
import { cyclesOf } from "../plan/cycles.js";
import { measureBook } from "../plan/measure-book.js";
import { queueCash } from "../plan/queue-cash.js";
import type { Situation } from "../plan/situation.js";
import { failurePropagation } from "./failure/failure-propagation.js";
import { legTerms } from "./margin-health.js";
import { replaysOf } from "./replays.js";
import { runGroups, worstOf, worstScenario } from "./run-groups.js";
import { LIQUIDATION_PENALTY, runScenario, type ScenarioResult, type StressBase } from "./run-scenario.js";
import { baseCovariance, betaCovariance, stressMarket } from "./stress-market.js";
import type { StressOptions, StressReport } from "./stress-report.js";

/**
 * Stress a vault as it stands: every scenario on its positions, and its way through stretches of history. Pure: a situation, prices and
 * options give the same report.
 *
 * @throws KeeperError where there are no usable prices, or nothing in the vault
 */
export function stressVault(situation: Situation, options: StressOptions): StressReport {
  const { state } = situation;
  if (!state.prices.ok) {
    throw new KeeperError("A price of the vault is not usable now.", "Wait until its feed reports again.");
  }
  const book = openBook(situation);
  const nav = Number(measureBook(book).nav) / 1e18;
  if (nav <= 0) throw new KeeperError("The vault is empty: there is nothing to stress.", "Deposit first.");
  const market = stressMarket(situation, book);
  const base: StressBase = {
    ...{ book, market, limits: state.limits, covariance: baseCovariance(situation) },
    terms: legTerms(state, options.maintenance ?? 0.0625),
    liquidationPenalty: options.liquidationPenalty ?? LIQUIDATION_PENALTY,
  };
  const made = runGroups(base, options.prices);
  const claims = BigInt(Math.round(queueCash(state).claims * 1e6)) * 10n ** 12n;
  const { replays, notes } = replaysOf(base, options, {
    covariance: betaCovariance(situation),
    reserved: unitsFor(book, book.settlement, claims),
  });
  const { address, name, block } = state;
  const now = runScenario(base, { name: "as it stands", steps: [] });
  const failures = { unhedgedVolatility: unhedgedVolatility(now), figures: options.failures ?? {} };
  return {
    vault: { address, name, block: block.number, timestamp: block.timestamp },
    ...{ nav, groups: made.groups, replays },
    now,
    failures: failurePropagation(state, book, failures),
    cycles: cyclesOf(situation),
    worst: {
      scenario: worstScenario(made.groups),
      replay: worstOf(replays.map(({ name, worst }) => ({ name, loss: Math.max(0, -worst.share) }))),
    },
    notes: [...notesOn(situation, base), ...made.notes, ...notes],
  };
}

function unhedgedVolatility({ volatility, effectiveness }: ScenarioResult): number | null {
  if (volatility === null || effectiveness === null || effectiveness >= 1) return volatility;
  return volatility / Math.sqrt(1 - effectiveness);
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
