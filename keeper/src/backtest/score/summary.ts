import { NAIVE } from "../learn/registry.js";
import type { Score } from "./asset-score.js";
import type { AssetTally } from "./asset-tally.js";
import { type LiquidityCost, meanCost } from "./liquidity-cost.js";
import { type MarginScore, meanMarginScore } from "./margin-score.js";
import { meanScore, type PooledScore, poolOf } from "./pool.js";

/** summary.json. */
export interface Summary {
  /** Name of the method that is meant where none is named. */
  readonly default: string;
  /** By method, then asset. */
  readonly methods: Readonly<Record<string, Readonly<Record<string, Score>>>>;
  readonly pooled: Readonly<Record<string, PooledScore>>;
  readonly naive: Score;
  readonly static: Score;
  readonly oracle: Score;
  /** Only of LP positions: what they cost a year, by asset and as a mean. */
  readonly liquidity?: { readonly assets: Readonly<Record<string, LiquidityCost>>; readonly mean: LiquidityCost };
  /** Only with a margin account: how that of the default method fared, by asset and as a mean. */
  readonly margin?: { readonly assets: Readonly<Record<string, MarginScore>>; readonly mean: MarginScore };
}

/** A summary with what the report shows beside it: the references by asset. */
export interface Scores {
  readonly summary: Summary;
  readonly references: Readonly<Record<"static" | "oracle", Readonly<Record<string, Score>>>>;
}

/**
 * Scores every method and the references.
 *
 * @param tallies By asset, all over the same days
 * @param seed Of the bootstrap
 * @param liquidity What LP positions cost, by asset; empty where assets themselves are held
 * @param margins How the default method's accounts fared, by asset; empty where none are kept
 */
export function summarise(
  tallies: ReadonlyMap<string, AssetTally>,
  days: number,
  chosen: string,
  seed: number,
  liquidity: ReadonlyMap<string, LiquidityCost> = new Map(),
  margins: ReadonlyMap<string, MarginScore> = new Map(),
): Scores {
  const assets = [...tallies.entries()];
  const all = [...tallies.values()];
  const names = Object.keys(all[0]!.scores);
  const byAsset = (of: (one: AssetTally) => Score): Record<string, Score> =>
    Object.fromEntries(assets.map(([asset, one]) => [asset, of(one)]));
  return {
    references: { static: byAsset((of) => of.static), oracle: byAsset((of) => of.oracle) },
    summary: {
      default: chosen,
      methods: Object.fromEntries(names.map((name) => [name, byAsset(({ scores }) => scores[name]!)])),
      pooled: poolOf(all, days, seed),
      naive: meanScore(all.map(({ scores }) => scores[NAIVE]!)),
      static: meanScore(all.map((of) => of.static)),
      oracle: meanScore(all.map((of) => of.oracle)),
      ...(liquidity.size > 0 && {
        liquidity: { assets: Object.fromEntries(liquidity), mean: meanCost([...liquidity.values()]) },
      }),
      ...(margins.size > 0 && {
        margin: { assets: Object.fromEntries(margins), mean: meanMarginScore([...margins.values()]) },
      }),
    },
  };
}
