import { type Concentration, concentrationOf } from "../model/collateral/concentration.js";
import { type Book, holdings, placedIn } from "./book.js";
import { accountOf } from "./hedge-account.js";
import { type Measured, measureBook } from "./measure-book.js";

/** Where a vault's risks gather, each null where there is nothing. Indices are of assets, of legs in the book's order (pools first), of assets. */
export interface BookConcentration {
  /** Of the hedged exposures to assets that are no stables. */
  readonly exposures: Concentration | null;
  /** Of what lies in pools and at hedge venues. */
  readonly venues: Concentration | null;
  /** Of the stables: idle, in pools, and as margin in the settlement token. */
  readonly stables: Concentration | null;
}

/**
 * Concentration of a book.
 *
 * @param stable By asset
 */
export function bookConcentration(book: Book, stable: readonly boolean[]): BookConcentration {
  const usd = (value: bigint): number => Number(value) / 1e18;
  const { exposure }: Measured = measureBook(book);
  const equities = Object.values(book.hedges).map((hedge) => Math.max(0, usd(accountOf(book.prices, hedge).equity)));
  const margin = equities.reduce((sum, equity) => sum + equity, 0);
  const held = holdings(book).map((value, asset) => (asset === book.settlement ? value + margin : value));
  return {
    exposures: concentrationOf(exposure.map((value, asset) => (stable[asset] ? 0 : usd(value)))),
    venues: concentrationOf([...Object.keys(book.pools).map((leg) => placedIn(book, leg)), ...equities]),
    stables: concentrationOf(held.map((value, asset) => (stable[asset] ? value : 0))),
  };
}
