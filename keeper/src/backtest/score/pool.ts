import type { Ledger } from "../account/ledger.js";
import type { Books } from "../account/strategies.js";
import { NAIVE } from "../learn/registry.js";
import { dieboldMariano } from "../statistics/diebold-mariano.js";
import { modelConfidenceSet } from "../statistics/model-confidence-set.js";
import { percentileInterval, stationaryBootstrap } from "../statistics/stationary-bootstrap.js";
import { DAY } from "../time.js";
import type { Score } from "./asset-score.js";
import { type DailySquares, dailySquares, drawnEffectiveness, drawnSum } from "./daily-losses.js";

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

/**
 * Pools the assets' books of every method.
 *
 * @param scores By asset, then method
 */
export function poolOf(
  books: readonly Books[],
  scores: readonly Readonly<Record<string, Score>>[],
  seed: number,
): Record<string, PooledScore> {
  const methods = Object.keys(books[0]!.methods);
  const span = spanOf(books);
  const squares = (net: boolean): DailySquares[][] =>
    methods.map((name) => books.map((book) => dailySquares(book, book.methods[name] as Ledger, { ...span, net })));
  const [gross, net] = [squares(false), squares(true)];
  const draws = [gross, net].map(() => methods.map(() => new Float64Array(DRAWS)));
  const sampled = { meanBlock: BLOCK, draws: DRAWS, seed };
  stationaryBootstrap(span.days, sampled, (counts, index) => {
    [gross, net].forEach((byMethod, kind) => {
      byMethod.forEach((assets, m) => {
        draws[kind]![m]![index] = meanOf(assets.map((days) => drawnEffectiveness(days, counts)));
      });
    });
  });
  const losses = gross.map((assets) => dailyLoss(assets, span.days));
  const pValues = modelConfidenceSet(losses, sampled);
  const base = methods.indexOf(NAIVE);
  const beyond = (kind: number, m: number): Difference => {
    const byMethod = [gross, net][kind]!;
    const effect = (of: number): number => meanOf(byMethod[of]!.map((days) => drawnEffectiveness(days)));
    const differences = draws[kind]![m]!.map((value, i) => value - draws[kind]![base]![i]!);
    return { mean: effect(m) - effect(base), ...percentileInterval(differences) };
  };
  return Object.fromEntries(
    methods.map((name, m) => {
      const own = scores.map((byMethod) => byMethod[name]!);
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

function spanOf(books: readonly Books[]): { start: number; days: number } {
  const start = Math.floor(Math.min(...books.map(({ hours }) => hours.start)) / DAY) * DAY;
  const end = Math.max(...books.map(({ hours }) => hours.start + hours.unhedged.length * 3600));
  return { start, days: Math.ceil((end - start) / DAY) };
}
