import type { Books } from "../account/strategies.js";
import { NAIVE } from "../learn/registry.js";
import { type Score, scoreOf } from "./asset-score.js";
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
}

/** A summary with what the report shows beside it: the references by asset. */
export interface Scores {
  readonly summary: Summary;
  readonly references: Readonly<Record<"static" | "oracle", Readonly<Record<string, Score>>>>;
}

/**
 * Scores every method and the references.
 *
 * @param books By asset
 * @param seed Of the bootstrap
 */
export function summarise(books: ReadonlyMap<string, Books>, chosen: string, seed: number): Scores {
  const assets = [...books.keys()];
  const all = [...books.values()];
  const names = Object.keys(all[0]!.methods);
  const byAsset = all.map((book) =>
    Object.fromEntries(names.map((name) => [name, scoreOf(book, book.methods[name]!)] as const)),
  );
  const pooled = poolOf(all, byAsset, seed);
  const reference = (kind: "static" | "oracle"): Record<string, Score> =>
    Object.fromEntries(all.map((book, i) => [assets[i]!, scoreOf(book, book[kind])]));
  const references = { static: reference("static"), oracle: reference("oracle") };
  return {
    references,
    summary: {
      default: chosen,
      methods: Object.fromEntries(
        names.map((name) => [name, Object.fromEntries(assets.map((asset, i) => [asset, byAsset[i]![name]!]))]),
      ),
      pooled,
      naive: meanScore(byAsset.map((scores) => scores[NAIVE]!)),
      static: meanScore(Object.values(references.static)),
      oracle: meanScore(Object.values(references.oracle)),
    },
  };
}
