import { NAIVE } from "../learn/registry.js";
import { dieboldMariano } from "../statistics/diebold-mariano.js";
import { modelConfidenceSet } from "../statistics/model-confidence-set.js";
import { percentileInterval, stationaryBootstrap } from "../statistics/stationary-bootstrap.js";
import type { Score } from "./asset-score.js";
import type { AssetTally } from "./asset-tally.js";
import { type DailySquares, drawnEffectiveness, drawnSum } from "./daily-losses.js";

/** Days: mean block of the bootstrap, and last lag of the Diebold–Mariano test. */
const BLOCK = 10;
const DRAWS = 2000;
/** Confidence of the model confidence set is one minus this. */
const ALPHA = 0.1;

/** How well a method did over all assets: means of the assets' scores, and how sure its lead over the naive hedge is. */
export interface PooledScore extends Score {
  /** Difference of `he` to the naive hedge's, with a 95% interval by stationary block bootstrap of days. */
  readonly beyondNaive: Difference;
  /** The same of `heNet`. */
  readonly beyondNaiveNet: Difference;
  /** Diebold–Mariano test against the naive hedge, before costs; negative where the method's loss is the lower one. */
  readonly dieboldMariano: { readonly statistic: number; readonly pValue: number };
  /** Model confidence set at 90%, before costs. */
  readonly confidenceSet: { readonly member: boolean; readonly pValue: number };
  /** The lowest `he` of an asset. */
  readonly worstHe: number;
}

export interface Difference {
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
}

/** Pools the assets' tallies of every method over the same days. */
export function poolOf(tallies: readonly AssetTally[], days: number, seed: number): Record<string, PooledScore> {
  const methods = Object.keys(tallies[0]!.scores);
  const squares = (kind: "gross" | "net"): DailySquares[][] =>
    methods.map((name) => tallies.map((of) => of.squares[name]![kind]));
  const [gross, net] = [squares("gross"), squares("net")];
  const draws = [gross, net].map(() => methods.map(() => new Float64Array(DRAWS)));
  const sampled = { meanBlock: BLOCK, draws: DRAWS, seed };
  stationaryBootstrap(days, sampled, (counts, index) => {
    [gross, net].forEach((byMethod, kind) => {
      // What is unhedged is the same for every method.
      const below = byMethod[0]!.map(({ unhedged }) => drawnSum(unhedged, counts));
      byMethod.forEach((assets, m) => {
        draws[kind]![m]![index] = meanOf(assets.map(({ hedged }, i) => 1 - drawnSum(hedged, counts) / below[i]!));
      });
    });
  });
  const losses = gross.map((assets) => dailyLoss(assets, days));
  const pValues = modelConfidenceSet(losses, sampled);
  const base = methods.indexOf(NAIVE);
  const beyond = (kind: number, m: number): Difference => {
    const byMethod = [gross, net][kind]!;
    const effect = (of: number): number => meanOf(byMethod[of]!.map((asset) => drawnEffectiveness(asset)));
    const differences = draws[kind]![m]!.map((value, i) => value - draws[kind]![base]![i]!);
    return { mean: effect(m) - effect(base), ...percentileInterval(differences) };
  };
  return Object.fromEntries(
    methods.map((name, m) => {
      const own = tallies.map(({ scores }) => scores[name]!);
      return [
        name,
        {
          ...meanScore(own),
          beyondNaive: beyond(0, m),
          beyondNaiveNet: beyond(1, m),
          dieboldMariano: dieboldMariano(losses[m]!, losses[base]!, BLOCK),
          confidenceSet: { member: pValues[m]! >= ALPHA, pValue: pValues[m]! },
          worstHe: Math.min(...own.map(({ he }) => he)),
        },
      ];
    }),
  );
}

/** Means over the assets. */
export function meanScore(scores: readonly Score[]): Score {
  const mean = (of: (score: Score) => number): number => meanOf(scores.map(of));
  return {
    he: mean(({ he }) => he),
    heNet: mean(({ heNet }) => heNet),
    turnoverPerDay: mean(({ turnoverPerDay }) => turnoverPerDay),
    es975Cut: mean(({ es975Cut }) => es975Cut),
    maxDrawdownCut: mean(({ maxDrawdownCut }) => maxDrawdownCut),
  };
}

/** By day: squared hedged P&L in units of the asset's own unhedged mean, averaged over the assets. */
function dailyLoss(assets: readonly DailySquares[], days: number): Float64Array {
  const loss = new Float64Array(days);
  for (const { unhedged, hedged } of assets) {
    const scale = drawnSum(unhedged) / days;
    for (let day = 0; day < days; day++) loss[day]! += hedged[day]! / scale / assets.length;
  }
  return loss;
}

/** Mean of what is known. */
function meanOf(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}
