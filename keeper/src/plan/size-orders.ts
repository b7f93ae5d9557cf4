import type { Book } from "./book.js";
import type { HedgeTarget } from "./hedge.js";
import type { PlannedOrder } from "./orders.js";
import { largestTrade } from "./trade.js";

/** An order that changes a short. */
export type SizeOrder = Extract<PlannedOrder, { action: "size" }>;

/** USD. Less is left as it is: its price is mostly rounding, so that a venue may find any trade of it too dear. */
const DUST = 1;

/**
 * The orders that bring shorts to their targets. Trades below `minTrade` are left out, except to close what is no longer wanted and more
 * than dust.
 *
 * A trade that its market's liquidity does not take within `maxImpact` is made as large as that; the rest comes with a later plan.
 *
 * @param minTrade USD
 * @param maxImpact Share of the notional, 1.0 = 100%
 * @param symbol Name of an asset, for the reason
 */
export function sizeOrders(
  book: Book,
  targets: readonly HedgeTarget[],
  minTrade: number,
  maxImpact: number,
  symbol: (asset: number) => string,
): SizeOrder[] {
  return targets.flatMap(({ leg, market, asset, size, current, target, quote }) => {
    const closing = target >= 0;
    const change = closing ? -current : target - current;
    const worthwhile = Math.abs(change) >= (closing ? DUST : minTrade);
    if (!worthwhile || quote === null) return [];
    const exact = closing ? -size : toBase(change, book.prices[asset]!);
    const wanted = size + exact > 0n ? -size : exact;
    const most = largestTrade(quote, maxImpact);
    const bounded = wanted > most ? most : wanted < -most ? -most : wanted;
    if (bounded === 0n) return [];
    const part = bounded === wanted ? "" : ", as much as the market takes now";
    const verb = bounded < 0n ? "add to" : "reduce";
    const reason = `${verb} the ${symbol(asset)} short: $${Math.abs(current).toFixed(0)} held, $${Math.abs(Math.min(target, 0)).toFixed(0)} wanted${part}`;
    return [{ leg, action: "size" as const, market, size: bounded, reason }];
  });
}

/** Base tokens, 1e18, for an amount of dollars. */
function toBase(usd: number, price: bigint): bigint {
  return (BigInt(Math.round(usd * 1e6)) * 10n ** 30n) / price;
}

/** A part of each order. */
export function scaled(orders: readonly SizeOrder[], share: number): SizeOrder[] {
  const millionths = BigInt(Math.floor(share * 1e6));
  return orders
    .map((order) => ({ ...order, size: (order.size * millionths) / 1_000_000n, reason: `${order.reason}, in part` }))
    .filter(({ size }) => size !== 0n);
}
