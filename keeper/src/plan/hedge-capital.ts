import { type Book, worth } from "./book.js";
import { accountOf, venueRoom } from "./hedge-account.js";

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
