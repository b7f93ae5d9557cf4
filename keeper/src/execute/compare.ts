import type { IRebalancer, VaultState } from "@crosshedge/sdk";
import type { PredictedPost } from "../plan/build-plan.js";

/** What the Rebalancer said that a plan does, in dollars. */
export interface OutcomeUsd {
  readonly navBefore: number;
  readonly navAfter: number;
  /** USD² a year. */
  readonly varianceBefore: number;
  readonly varianceAfter: number;
  readonly varianceUnhedged: number;
  /** True if it was accepted because the variance fell. */
  readonly reduced: boolean;
}

const usd = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(2)}%`;

/** The Rebalancer's outcome in plain numbers. */
export function outcomeUsd(outcome: IRebalancer.OutcomeStructOutput): OutcomeUsd {
  return {
    navBefore: usd(outcome.navBefore),
    navAfter: usd(outcome.navAfter),
    varianceBefore: usd(outcome.varianceBefore),
    varianceAfter: usd(outcome.varianceAfter),
    varianceUnhedged: usd(outcome.varianceUnhedged),
    reduced: outcome.reduced,
  };
}

/**
 * Where a simulated outcome differs from the prediction, in words; empty where it does not.
 *
 * @param tolerance Share of NAV
 */
export function compareOutcome(predicted: PredictedPost, outcome: OutcomeUsd, tolerance: number): string[] {
  if (predicted.gate === null) return [];
  const differences: string[] = [];
  const nav = usd(predicted.nav);
  if (Math.abs(nav - outcome.navAfter) > tolerance * nav) {
    differences.push(`NAV after the plan is $${outcome.navAfter.toFixed(0)}, predicted was $${nav.toFixed(0)}`);
  }
  const [expected, actual] = [predicted.gate.varianceAfter, outcome.varianceAfter].map((v) => Math.sqrt(v) / nav);
  if (Math.abs(expected! - actual!) > tolerance) {
    differences.push(`volatility after the plan is ${percent(actual!)}, predicted was ${percent(expected!)}`);
  }
  return differences;
}

/** Where the vault's exposures differ from the prediction by more than a share of NAV, in words. */
export function compareState(predicted: PredictedPost, state: VaultState, tolerance: number): string[] {
  const nav = usd(predicted.nav);
  return state.assets.flatMap(({ symbol, exposure }, asset) => {
    const expected = usd(predicted.exposure[asset]!);
    const actual = usd(exposure);
    if (Math.abs(expected - actual) <= tolerance * nav) return [];
    return [`exposure to ${symbol} is $${actual.toFixed(0)}, predicted was $${expected.toFixed(0)}`];
  });
}
