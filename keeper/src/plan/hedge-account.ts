import { min } from "../model/bigint.js";
import type { BookHedge } from "./book.js";

const ONE = 10n ** 18n;

/** A hedge leg's account at the oracle's prices, in settlement tokens at par, 1e18. */
export interface Account {
  /** Cash and all unrealised profit and loss. */
  readonly equity: bigint;
  /** What the venue holds against the maintenance requirement: weight·(cash + Σ openNotional) + Σ size·P. */
  readonly backing: bigint;
  /** What the venue counts as own capital over notional: IHedgeLeg has the formula. The chain takes the worse of this and the venue's own. */
  readonly capital: bigint;
  readonly notional: bigint;
}

/** min(weight·(cash + Σ openNotional) + Σ size·P, cash) over Σ |size|·P, and the equity beside it. */
export function accountOf(prices: readonly bigint[], hedge: BookHedge): Account {
  const { cash, weight, positions } = hedge;
  let owed = cash;
  let worth = 0n;
  let notional = 0n;
  for (const { asset, size, openNotional } of positions) {
    const exposure = (size * priceAt(prices, hedge, asset)) / ONE;
    owed += openNotional;
    worth += exposure;
    notional += exposure < 0n ? -exposure : exposure;
  }
  const backing = (weight * owed) / ONE + worth;
  return { equity: owed + worth, backing, capital: min(backing, cash), notional };
}

/**
 * What one token counts there, in settlement tokens at par, 1e18. A perp pays its price in USD in as many settlement tokens; a debt is a debt of
 * the asset itself, whatever the settlement token is worth.
 */
export function priceAt(
  prices: readonly bigint[],
  hedge: Pick<BookHedge, "weight" | "settlement">,
  asset: number,
): bigint {
  return lends(hedge) ? (prices[asset]! * ONE) / prices[hedge.settlement]! : prices[asset]!;
}

/** Where a venue counts less than all of the money, it lends: what a sale brings is money there, not an open notional. */
export function lends({ weight }: Pick<BookHedge, "weight">): boolean {
  return weight < ONE;
}

/**
 * Equity that a dollar of short needs for a margin ratio r: weight·(equity + 1) − 1 = r.
 *
 * @param ratio 1.0 = 100%
 */
export function equityPerShort({ weight }: Pick<BookHedge, "weight">, ratio: number): number {
  const w = Number(weight) / 1e18;
  return (ratio + 1 - w) / w;
}

/** What a leg's equity may still grow by, USD: less than a smallest trade is not worth an order. */
export function venueRoom(equity: number, maxVenue: number, minTrade: number): number {
  const room = maxVenue - equity;
  return room < minTrade ? 0 : room;
}
