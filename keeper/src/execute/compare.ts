import type { VaultState } from "@crosshedge/sdk";
import type { IRebalancer } from "@crosshedge/sdk/contracts";
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

/**
 * Where a vault differs from the prediction, in words: exposures, positions and the equity of hedge legs by more than a share of NAV, margin
 * ratios by more than the same share of themselves, or of 100%.
 *
 * @param tolerance Share of NAV
 */
export function compareState(predicted: PredictedPost, state: VaultState, tolerance: number): string[] {
  const nav = usd(predicted.nav);
  const off = (expected: number, actual: number): boolean => Math.abs(expected - actual) > tolerance * nav;
  const exposures = state.assets.flatMap(({ symbol, exposure }, asset) => {
    const [expected, actual] = [usd(predicted.exposure[asset]!), usd(exposure)];
    return off(expected, actual)
      ? [`exposure to ${symbol} is $${actual.toFixed(0)}, predicted was $${expected.toFixed(0)}`]
      : [];
  });
  const hedges = state.legs.flatMap((leg) => (leg.kind === "hedge" ? [leg] : []));
  return [...exposures, ...hedges.flatMap((leg) => compareLeg(predicted, state, leg, off, tolerance))];
}

function compareLeg(
  { positions, legEquity, marginRatio }: PredictedPost,
  { assets, prices }: VaultState,
  leg: Extract<VaultState["legs"][number], { kind: "hedge" }>,
  off: (expected: number, actual: number) => boolean,
  tolerance: number,
): string[] {
  const differences = leg.positions.flatMap(({ market, assetIndex, size }) => {
    const price = usd(prices.mid[assetIndex] ?? 0n);
    const [expected, actual] = [usd(positions[leg.address]?.[market] ?? 0n), usd(size)];
    const name = assets[assetIndex]?.symbol ?? market;
    return off(expected * price, actual * price)
      ? [`the position in ${name} at ${leg.address} is ${actual.toFixed(4)}, predicted was ${expected.toFixed(4)}`]
      : [];
  });
  const [equity, ratio] = [legEquity[leg.address], marginRatio[leg.address]];
  if (leg.value !== null && equity !== undefined && off(usd(equity), usd(leg.value.equity))) {
    const [expected, actual] = [usd(equity), usd(leg.value.equity)];
    differences.push(`the equity of ${leg.address} is $${actual.toFixed(0)}, predicted was $${expected.toFixed(0)}`);
  }
  if (ratio != null && leg.marginRatio !== null) {
    const [expected, actual] = [usd(ratio), usd(leg.marginRatio)];
    if (Math.abs(expected - actual) > tolerance * Math.max(1, expected)) {
      differences.push(`the margin ratio of ${leg.address} is ${percent(actual)}, predicted was ${percent(expected)}`);
    }
  }
  return differences;
}
