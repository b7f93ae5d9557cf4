import { KeeperError } from "../errors.js";
import type { StressStep } from "../model/stress/scenario.js";
import type { Book, BookHedge } from "../plan/book.js";
import { accountOf, lends, priceAt } from "../plan/hedge-account.js";

const ONE = 10n ** 18n;

/** A number as 1e18, to the digits that it has. */
function wad(value: number): bigint {
  return BigInt(Math.round(value * 1e15)) * 1_000n;
}

/** Base tokens by leg and position, 1e18, that were taken away. */
export type Removed = Readonly<Record<string, readonly bigint[]>>;

/** A book in the course of a scenario. */
export interface StressedBook {
  readonly book: Book;
  readonly removed: Removed;
}

/** The book at prices that are so many times its own. */
export function movePrices(book: Book, factors: readonly number[]): Book {
  const prices = book.prices.map((price, asset) => {
    const factor = factors[asset]!;
    if (!(factor > 0 && Number.isFinite(factor))) {
      throw new KeeperError(`A price cannot go to ${factor} times what it is.`, "Give factors above zero.");
    }
    return (price * wad(factor)) / ONE;
  });
  return { ...book, prices };
}

/** The book after one step. */
export function carryOut({ book, removed }: StressedBook, step: StressStep): StressedBook {
  switch (step.kind) {
    case "move":
      return { book: movePrices(book, step.factors), removed };
    case "removeHedge": {
      const taken = mapHedges(book, ({ positions }) => positions.map(({ size }) => (size * wad(step.share)) / ONE));
      return { book: withHedges(book, (hedge, leg) => close(book.prices, hedge, taken[leg]!)), removed: taken };
    }
    case "reenter": {
      const price = wad(1 - step.spread);
      const hedges = withHedges(book, (hedge, leg) => open(book.prices, hedge, removed[leg] ?? [], price));
      return { book: hedges, removed: {} };
    }
  }
}

/**
 * A leg liquidated at these prices: all positions closed, a penalty on what they were worth taken. A leg loses no more than it holds: what is
 * missing is the venue's bad debt.
 *
 * @param penalty Share of the notional
 */
export function liquidated(book: Book, leg: string, penalty: number): Book {
  const hedge = book.hedges[leg]!;
  const { equity, notional } = accountOf(book.prices, hedge);
  const left = equity - (notional * wad(penalty)) / ONE;
  const positions = hedge.positions.map((position) => ({ ...position, size: 0n, openNotional: 0n }));
  return { ...book, hedges: { ...book.hedges, [leg]: { ...hedge, cash: left > 0n ? left : 0n, positions } } };
}

/** Sizes become smaller by what is taken, at the oracle's prices: what was open is paid out. */
function close(prices: readonly bigint[], hedge: BookHedge, taken: readonly bigint[]): BookHedge {
  let { cash } = hedge;
  const positions = hedge.positions.map((position, index) => {
    const part = taken[index]!;
    if (part === 0n) return position;
    const settled = (position.openNotional * part) / position.size;
    cash += settled + (part * priceAt(prices, hedge, position.asset)) / ONE;
    return { ...position, size: position.size - part, openNotional: position.openNotional - settled };
  });
  return { ...hedge, cash, positions };
}

/** Sizes grow by what was taken, sold at a share of the oracle's prices. */
function open(prices: readonly bigint[], hedge: BookHedge, taken: readonly bigint[], share: bigint): BookHedge {
  let { cash } = hedge;
  const positions = hedge.positions.map((position, index) => {
    const part = taken[index] ?? 0n;
    const money = (((-part * priceAt(prices, hedge, position.asset)) / ONE) * share) / ONE;
    if (lends(hedge)) cash += money;
    const openNotional = position.openNotional + (lends(hedge) ? 0n : money);
    return { ...position, size: position.size + part, openNotional };
  });
  return { ...hedge, cash, positions };
}

function mapHedges<T>({ hedges }: Book, of: (hedge: BookHedge) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(hedges).map(([leg, hedge]) => [leg, of(hedge)]));
}

function withHedges(book: Book, of: (hedge: BookHedge, leg: string) => BookHedge): Book {
  return { ...book, hedges: Object.fromEntries(Object.entries(book.hedges).map(([leg, h]) => [leg, of(h, leg)])) };
}
