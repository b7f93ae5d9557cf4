import { type Book, worth } from "./book.js";
import { accountOf, equityPerShort, venueRoom } from "./hedge-account.js";

/** What the capital of a hedge is told by. */
export interface CapitalInputs {
  readonly book: Book;
  /** Settlement tokens that the redemption queue asks for, USD: no capital of the hedge. */
  readonly reserve: number;
  /** Largest equity of one leg, USD. */
  readonly maxVenue: number;
  /** Smallest trade, USD: what trading costs is taken at its size. */
  readonly minTrade: number;
}

/** By hedge leg: its equity, and of the settlement tokens at hand, but those that the queue asks for, what it may take. USD. */
export function capitalByLeg({ book, reserve, maxVenue, minTrade }: CapitalInputs): Record<string, number> {
  const idle = Math.max(0, Number(worth(book, book.settlement, book.idle[book.settlement]!)) / 1e18 - reserve);
  return Object.fromEntries(
    Object.entries(book.hedges).map(([leg, hedge]) => {
      const equity = Number(accountOf(book.prices, hedge).equity) / 1e18;
      return [leg, Math.max(0, equity + Math.min(venueRoom(equity, maxVenue, minTrade), idle))];
    }),
  );
}

/** Equity of all hedge legs, and of the settlement tokens at hand, but those that the queue asks for, what the venues may take. USD. */
export function capitalFor({ book, reserve, maxVenue, minTrade }: CapitalInputs): number {
  const equities = Object.values(book.hedges).map((hedge) => Number(accountOf(book.prices, hedge).equity) / 1e18);
  const room = equities.reduce((sum, equity) => sum + venueRoom(equity, maxVenue, minTrade), 0);
  const idle = Number(worth(book, book.settlement, book.idle[book.settlement]!)) / 1e18;
  const equity = equities.reduce((sum, one) => sum + one, 0);
  return Math.max(0, equity + Math.min(room, Math.max(0, idle - reserve)));
}

/** The margin ratio that the capital allows the shorts that are held, 1.0 = 100%; endless without any. */
export function affordedRatio(inputs: CapitalInputs): number {
  const { hedges, prices } = inputs.book;
  let [atZero, perRatio] = [0, 0];
  for (const hedge of Object.values(hedges)) {
    const notional = Number(accountOf(prices, hedge).notional) / 1e18;
    const least = equityPerShort(hedge, 0);
    atZero += notional * least;
    perRatio += notional * (equityPerShort(hedge, 1) - least);
  }
  return perRatio > 0 ? (capitalFor(inputs) - atZero) / perRatio : Number.POSITIVE_INFINITY;
}
