import type { PriceHistory } from "./price-history.js";
import { runScenario, type StressBase } from "./run-scenario.js";
import { scenarioGroups } from "./scenario-groups.js";
import type { GroupResult, WorstCase } from "./stress-report.js";

/** Every scenario that says something about a vault, carried out on it, and how they were made, in words. */
export function runGroups(
  base: StressBase,
  prices: PriceHistory | undefined,
): { groups: GroupResult[]; notes: string[] } {
  const { groups, notes } = scenarioGroups(base.market, prices);
  const run = groups.map(({ scenarios, ...group }): GroupResult => {
    return { ...group, results: scenarios.map((scenario) => runScenario(base, scenario)) };
  });
  return { groups: run, notes };
}

/** The scenario of which the largest loss counts. */
export function worstScenario(groups: readonly GroupResult[]): WorstCase | null {
  return worstOf(groups.flatMap(({ results }) => results).map(({ name, counted }) => ({ name, loss: counted })));
}

/** The largest loss, the first of those that are alike; null where there is none. */
export function worstOf<T extends WorstCase>(cases: readonly T[]): T | null {
  return cases.reduce<T | null>((worst, one) => (worst === null || one.loss > worst.loss ? one : worst), null);
}
