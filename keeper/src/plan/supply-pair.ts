import type { KeeperConfig } from "../config.js";
import { min } from "../model/bigint.js";
import { applyOrder } from "./apply-order.js";
import { type Book, fromUsd, oracleSqrtPrice, placedIn, unitsFor, worth } from "./book.js";
import type { LiquidityContext, LiquidityDecision } from "./liquidity.js";
import { largestSwap } from "./swap-size.js";

const usd = (value: bigint): number => Number(value) / 1e18;

/**
 * Buy what a pool without the settlement token is short of in another of the vault's pools that trades one of its tokens against the
 * settlement token: the vault has no other way to get it. Nothing where none does, where too little is missing to make liquidity of, or where none shall be made.
 */
export function supplyPair(
  book: Book,
  { leg, target, nav, reserve, band, noNewLiquidity }: LiquidityContext,
  config: KeeperConfig,
): LiquidityDecision {
  const nothing: LiquidityDecision = { orders: [], reasons: [], book };
  const { settlement } = book;
  const pair = book.pools[leg]!.indices;
  const via = Object.entries(book.pools).find(([, { indices }]) => {
    return indices.includes(settlement) && indices.some((asset) => asset !== settlement && pair.includes(asset));
  });
  if (noNewLiquidity || pair.includes(settlement) || via === undefined) return nothing;
  const placed = placedIn(book, leg);
  const idle = usd(worth(book, pair[0], book.idle[pair[0]]!) + worth(book, pair[1], book.idle[pair[1]]!));
  if (target - placed <= config.liquidity.resizeBand * nav || idle >= target - placed) return nothing;

  const [through, pool] = via;
  const zeroForOne = pool.indices[0] === settlement;
  const spare = book.idle[settlement]! - unitsFor(book, settlement, fromUsd(reserve));
  const wanted = min(spare, unitsFor(book, settlement, fromUsd(target - placed - idle)));
  const amountIn = min(wanted, largestSwap(pool, oracleSqrtPrice(book, pool.indices), zeroForOne, band));
  if (usd(worth(book, settlement, amountIn)) <= 1) return nothing;
  const reason = "another pool is short of the token";
  const order = { leg: through, action: "swap", zeroForOne, amountIn, reason } as const;
  return { orders: [order], reasons: [reason], book: applyOrder(book, order) };
}
