import { min } from "../model/bigint.js";
import { applyOrder } from "./apply-order.js";
import { type Book, fromUsd, oracleSqrtPrice, positionAmounts, unitsFor, worth } from "./book.js";
import type { LiquidityContext, LiquidityDecision } from "./liquidity.js";
import type { PlannedOrder } from "./orders.js";
import { largestSwap } from "./swap-size.js";

const usd = (value: bigint): number => Number(value) / 1e18;
/** A little more than is missing, for what the swap costs. */
const SWAP_MARGIN = 1.005;

/**
 * Turn liquidity into settlement tokens for the redemption queue: burn down to what the rest of the vault can stand behind, and sell as
 * much of the other token as is missing.
 *
 * @param shortfall USD
 * @param swaps False where only burns pass: then as much is burned as brings the missing settlement tokens by itself
 */
export function raiseCash(book: Book, context: LiquidityContext, shortfall: number, swaps: boolean): LiquidityDecision {
  const { leg, target, band } = context;
  const pool = book.pools[leg]!;
  const side = pool.indices.indexOf(book.settlement);
  if (side === -1) {
    return {
      orders: [],
      reasons: ["the pool does not trade the settlement token: margin alone can pay the queue"],
      book,
    };
  }
  const oracle = oracleSqrtPrice(book, pool.indices);
  const held = positionAmounts(pool, oracle);
  const values = held.map((amount, at) => usd(worth(book, pool.indices[at as 0 | 1], amount)));
  const value = values[0]! + values[1]!;
  const cashInPool = values[side]!;
  const orders: PlannedOrder[] = [];
  let now = book;
  const share = swaps ? 1 - target / value : shortfall / cashInPool;
  const liquidity =
    value > 0 ? (pool.liquidity * BigInt(Math.round(Math.min(1, Math.max(0, share)) * 1e9))) / 10n ** 9n : 0n;
  if (liquidity > 0n) {
    orders.push({ leg, action: "burn", liquidity, reason: "the redemption queue waits for cash" });
    now = applyOrder(now, orders[0]!);
  }
  const got = usd(worth(now, book.settlement, now.idle[book.settlement]! - book.idle[book.settlement]!));
  const missing = shortfall - got;
  if (swaps && missing > 1) {
    const zeroForOne = side === 1;
    const other = pool.indices[zeroForOne ? 0 : 1];
    const asked = min(now.idle[other]!, unitsFor(now, other, fromUsd(missing * SWAP_MARGIN)));
    const amountIn = min(asked, largestSwap(now.pools[leg]!, oracle, zeroForOne, band));
    if (usd(worth(now, other, amountIn)) > 1) {
      orders.push({
        leg,
        action: "swap",
        zeroForOne,
        amountIn,
        reason: "the redemption queue is paid in the settlement token",
      });
      now = applyOrder(now, orders.at(-1)!);
    }
  }
  return { orders, reasons: orders.map(({ reason }) => reason), book: now };
}
