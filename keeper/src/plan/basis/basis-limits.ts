import type { KeeperConfig } from "../../config.js";
import { type Book, worth } from "../book.js";
import { accountOf, equityPerShort } from "../hedge-account.js";
import { measureBook } from "../measure-book.js";
import { heldBasis } from "./set-aside.js";

/** What bounds the basis trades of a vault. USD. */
export interface BasisRoom {
  /** NAV times the largest share. */
  readonly share: number;
  /** Settlement tokens, equity of the legs and what the trades hold, less what queue and the rest of the hedge need. */
  readonly capital: number;
  /** Cap on all shorts, less those of the rest. */
  readonly gross: number;
  /** By hedge leg: equity that it may still hold beside the rest's. */
  readonly venues: Readonly<Record<string, number>>;
}

/** The vault's caps. USD. */
export interface BasisCaps {
  readonly nav: number;
  readonly maxGross: number;
  readonly maxVenue: number;
  /** Settlement tokens that the redemption queue asks for. */
  readonly reserve: number;
  /** Margin that the liquidity's hedge may need where its exposure is greatest. */
  readonly liquidityMargin: number;
}

/**
 * What the caps, and the margin that every short is given, leave for basis trades. Expected yield has no part in it.
 *
 * @param assets That there may be trades in
 * @param stable By asset: exposure to it needs no hedge
 */
export function basisRoom(
  book: Book,
  assets: readonly number[],
  stable: readonly boolean[],
  caps: BasisCaps,
  { basis, margin }: KeeperConfig,
): BasisRoom {
  const { nav, maxGross, maxVenue, reserve, liquidityMargin } = caps;
  const usd = (value: bigint): number => Number(value) / 1e18;
  const held = assets.map((asset) => usd(heldBasis(book, asset)));
  const { exposure, hedgeExposure } = measureBook(book);
  const rest = exposure.reduce((sum, value, asset) => {
    if (stable[asset]) return sum;
    return sum + Math.abs(usd(value - hedgeExposure[asset]!) - (held[assets.indexOf(asset)] ?? 0));
  }, 0);
  const shorts = margin.hedgePerExposure * rest;
  const hedges = Object.entries(book.hedges);
  const perShort = Math.max(...hedges.map(([, hedge]) => equityPerShort(hedge, margin.target)));
  const needed = Math.max(liquidityMargin, perShort * shorts);
  const equity = hedges.reduce((sum, [, hedge]) => sum + usd(accountOf(book.prices, hedge).equity), 0);
  const idle = usd(worth(book, book.settlement, book.idle[book.settlement]!));
  return {
    share: basis.maxShare * nav,
    capital: idle + equity - reserve - needed + held.reduce((sum, value) => sum + value, 0),
    gross: maxGross - shorts,
    venues: Object.fromEntries(hedges.map(([leg]) => [leg, maxVenue - needed / hedges.length])),
  };
}

/** The largest basis trade at a leg whose dollar of short needs so much equity; and what it leaves for others. */
export function takeRoom(room: BasisRoom, leg: string, perShort: number, wanted: number): [number, BasisRoom] {
  const { share, capital, gross, venues } = room;
  const most = Math.min(share, capital / (1 + perShort), gross, venues[leg]! / perShort);
  const size = Math.max(0, Math.min(wanted, most));
  const left = {
    share: share - size,
    capital: capital - size * (1 + perShort),
    gross: gross - size,
    venues: { ...venues, [leg]: venues[leg]! - size * perShort },
  };
  return [size, left];
}
