import { min } from "../../model/bigint.js";
import { type Book, type BookHedge, unitsFor, worth } from "../book.js";
import { equityPerShort } from "../hedge-account.js";

const ONE = 10n ** 18n;

/** USD, 1e18, of an asset that is idle and shorted at the same time: that is a basis trade, however it came about. */
export function heldBasis(book: Book, asset: number): bigint {
  const shorts = Object.values(book.hedges).flatMap(({ positions }) => positions);
  const shorted = shorts.reduce((sum, one) => (one.asset === asset ? sum - one.size : sum), 0n);
  return min(worth(book, asset, book.idle[asset]!), (shorted * book.prices[asset]!) / ONE);
}

/** A book without its basis trades, and how to put them back. */
export interface SetAside {
  readonly rest: Book;
  /** The trades beside what has become of the rest. */
  readonly restore: (rest: Book) => Book;
}

/**
 * Take basis trades out of a book, so that what plans the liquidity neither sells nor lends on them: the idle tokens, their part of the shorts,
 * and the equity that this part needs.
 *
 * @param assets Of the trades
 * @param ratio Margin over notional of their shorts, 1.0 = 100%
 */
export function setAside(book: Book, assets: readonly number[], ratio: number): SetAside {
  const tokens = book.idle.map((_, asset) =>
    assets.includes(asset) ? unitsFor(book, asset, heldBasis(book, asset)) : 0n,
  );
  const parts = Object.fromEntries(
    Object.entries(book.hedges).map(([leg, hedge]) => [leg, partOf(book, hedge, assets, ratio)]),
  );
  const moved = (from: Book, sign: bigint): Book => ({
    ...from,
    idle: from.idle.map((amount, asset) => amount + sign * tokens[asset]!),
    hedges: Object.fromEntries(
      Object.entries(from.hedges).map(([leg, hedge]) => {
        const { cash, positions } = parts[leg]!;
        return [
          leg,
          {
            ...hedge,
            cash: hedge.cash + sign * cash,
            positions: hedge.positions.map((one, i) => ({
              ...one,
              size: one.size + sign * positions[i]!.size,
              openNotional: one.openNotional + sign * positions[i]!.openNotional,
            })),
          },
        ];
      }),
    ),
  });
  return { rest: moved(book, -1n), restore: (rest) => moved(rest, 1n) };
}

/** What of a leg belongs to the trades: of each short the part that is held against, and cash that brings it to its margin. */
function partOf(book: Book, hedge: BookHedge, assets: readonly number[], ratio: number) {
  const share = (asset: number): bigint => {
    if (!assets.includes(asset)) return 0n;
    const shorts = Object.values(book.hedges).flatMap(({ positions }) => positions);
    const all = shorts.reduce(
      (sum, one) => (one.asset === asset ? sum - (one.size * book.prices[asset]!) / ONE : sum),
      0n,
    );
    return all > 0n ? (heldBasis(book, asset) * ONE) / all : 0n;
  };
  const positions = hedge.positions.map(({ asset, size, openNotional }) => ({
    size: (size * share(asset)) / ONE,
    openNotional: (openNotional * share(asset)) / ONE,
  }));
  let cash = 0n;
  positions.forEach(({ size, openNotional }, i) => {
    const notional = (-size * book.prices[hedge.positions[i]!.asset]!) / ONE;
    const wanted = BigInt(Math.round(equityPerShort(hedge, ratio) * 1e9));
    cash += (notional * wanted) / 1_000_000_000n - openNotional + notional;
  });
  return { cash: min(cash, hedge.cash), positions };
}
