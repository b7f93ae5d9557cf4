import { applyOrder, OrderImpossible } from "./apply-order.js";
import type { Book } from "./book.js";
import type { PlannedOrder } from "./orders.js";

/** Orders by what they are for; each list in its own order. */
export interface OrderParts {
  readonly release: readonly PlannedOrder[];
  readonly liquidity: readonly PlannedOrder[];
  readonly margin: readonly PlannedOrder[];
  readonly size: readonly Extract<PlannedOrder, { action: "size" }>[];
}

/**
 * One sequence in which every step is possible: margin first wherever idle tokens pay for it at once, since a venue refuses even
 * reductions of an account that is too thin, then reductions, burn, swap, margin that the burn pays for, mint, and growing
 * shorts last, when their margin is there. Null where no such sequence exists.
 */
export function arrange(book: Book, parts: OrderParts): PlannedOrder[] | null {
  const { release, liquidity, margin, size } = parts;
  const reductions = size.filter((order) => order.size > 0n);
  const increases = size.filter((order) => order.size < 0n);
  const beforeMint = liquidity.filter(({ action }) => action !== "mint");
  const mints = liquidity.filter(({ action }) => action === "mint");
  const sequences = [
    [...margin, ...reductions, ...release, ...beforeMint, ...mints, ...increases],
    [...reductions, ...release, ...beforeMint, ...margin, ...mints, ...increases],
  ];
  return sequences.find((orders) => replay(book, orders) !== null) ?? null;
}

/** The book after all orders, or null where one is impossible. */
export function replay(book: Book, orders: readonly PlannedOrder[]): Book | null {
  try {
    return orders.reduce((now, order) => applyOrder(now, order), book);
  } catch (error) {
    if (error instanceof OrderImpossible) return null;
    throw error;
  }
}
