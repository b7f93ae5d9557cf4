import type { Books } from "../account/strategies.js";
import { type Score, scoreOf } from "./asset-score.js";
import { type DailySquares, dailySquares, type Span } from "./daily-losses.js";

/** What is left of an asset's books once they are counted: small enough to keep for every method. */
export interface AssetTally {
  readonly scores: Readonly<Record<string, Score>>;
  readonly static: Score;
  readonly oracle: Score;
  /** By method, before costs and net. */
  readonly squares: Readonly<Record<string, { readonly gross: DailySquares; readonly net: DailySquares }>>;
}

/** Counts one asset's books. */
export function tally(books: Books, span: Span): AssetTally {
  const methods = Object.entries(books.methods);
  return {
    scores: Object.fromEntries(methods.map(([name, ledger]) => [name, scoreOf(books, ledger)])),
    static: scoreOf(books, books.static),
    oracle: scoreOf(books, books.oracle),
    squares: Object.fromEntries(
      methods.map(([name, ledger]) => {
        const of = (net: boolean): DailySquares => dailySquares(books, ledger, { ...span, net });
        return [name, { gross: of(false), net: of(true) }];
      }),
    ),
  };
}
