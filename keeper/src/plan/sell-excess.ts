import { min } from "../model/bigint.js";
import { applyOrder } from "./apply-order.js";
import { type Book, oracleSqrtPrice, unitsFor, worth } from "./book.js";
import type { LiquidityContext, LiquidityDecision } from "./liquidity.js";
import { largestSwap } from "./swap-size.js";

/**
 * Sell what no pool takes of a token into the settlement token, as much as this pool can take now: too much of it to be sold at once counts for
 * little, and a vault that holds mostly that could neither provide liquidity nor hedge.
 *
 * @param excess By asset, USD
 */
export function sellExcess(book: Book, { leg, band }: LiquidityContext, excess: readonly number[]): LiquidityDecision {
  const nothing: LiquidityDecision = { orders: [], reasons: [], book };
  const pool = book.pools[leg]!;
  const side = pool.indices.indexOf(book.settlement);
  if (side === -1) return nothing;
  const zeroForOne = side === 1;
  const sold = pool.indices[zeroForOne ? 0 : 1];
  const asked = unitsFor(book, sold, BigInt(Math.round(excess[sold]! * 1e6)) * 10n ** 12n);
  const most = largestSwap(pool, oracleSqrtPrice(book, pool.indices), zeroForOne, band);
  const amountIn = min(min(asked, book.idle[sold]!), most);
  if (worth(book, sold, amountIn) <= 10n ** 18n) return nothing;
  const reason = "more of the token than can be sold at once, and no pool takes it";
  const order = { leg, action: "swap", zeroForOne, amountIn, reason } as const;
  return { orders: [order], reasons: [reason], book: applyOrder(book, order) };
}
