import type { KeeperConfig } from "../config.js";
import { edgeValues } from "../model/lp-greeks.js";
import { type Book, oracleSqrtPrice, positionAmounts, worth } from "./book.js";
import { accountOf, equityPerShort } from "./hedge-account.js";

/** How the vault's value is split between a pool and margin. USD. */
export interface Budget {
  /** What the leg's pool should hold. */
  readonly target: number;
  /** Margin that the hedge may need where the position's exposure is greatest. */
  readonly margin: number;
}

/**
 * How much liquidity the margin can stand behind: with exposure e per dollar of liquidity at the worse edge of the range, each
 * dollar of liquidity needs m·hedgePerExposure·e dollars of margin, m what a dollar of short needs at the target ratio, and other
 * exposures need theirs.
 *
 * @param stable By asset: exposure to it needs no hedge
 * @param share The leg's part of the vault's liquidity, 1 where it is alone
 * @param reserve Settlement tokens that the redemption queue asks for, USD
 */
export function budgetFor(
  book: Book,
  leg: string,
  stable: readonly boolean[],
  share: number,
  reserve: number,
  config: KeeperConfig,
): Budget {
  const pool = book.pools[leg]!;
  const [i, j] = pool.indices;
  const held = positionAmounts(pool, oracleSqrtPrice(book, pool.indices));
  const own = (asset: number, side: 0 | 1): number => Number(worth(book, asset, book.idle[asset]! + held[side])) / 1e18;
  const inPair = own(i, 0) + own(j, 1);
  const { settlement } = book;
  const settles = i === settlement || j === settlement;
  const hedges = Object.values(book.hedges);
  const equity = hedges.reduce((sum, hedge) => sum + Number(accountOf(book.prices, hedge).equity) / 1e18, 0);
  const cash = settles ? 0 : Number(worth(book, settlement, book.idle[settlement]!)) / 1e18;
  const others = book.idle.reduce((sum, amount, asset) => {
    const counts = asset !== i && asset !== j && asset !== settlement && !stable[asset];
    return counts ? sum + Number(worth(book, asset, amount)) / 1e18 : sum;
  }, 0);

  const { rangeFactor, maxShare } = config.liquidity;
  const edges = edgeValues(rangeFactor);
  const exposureAtEdge = Math.max(stable[i] ? 0 : edges.lower, stable[j] ? 0 : edges.upper);
  // The venue that asks for most, since any of them may have to carry the hedge.
  const perShort = Math.max(0, ...hedges.map((hedge) => equityPerShort(hedge, config.margin.target)));
  const perExposure = perShort * config.margin.hedgePerExposure;
  const marginOfOthers = perExposure * others;
  const marginPerUsd = perExposure * exposureAtEdge;

  const deployable = settles ? Math.max(0, inPair + equity - reserve) : inPair;
  const byMargin = settles ? (deployable - marginOfOthers) / (1 + marginPerUsd) : deployable;
  const cap = settles ? maxShare * deployable : deployable;
  const target = Math.max(0, share * Math.min(byMargin, cap));
  const wanted = marginPerUsd * target + marginOfOthers;
  return { target, margin: settles ? wanted : Math.min(wanted, Math.max(0, cash + equity - reserve)) };
}
