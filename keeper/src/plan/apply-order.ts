import { amountsForLiquidity, swapExactIn } from "../model/liquidity-math.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import type { Book, BookHedge, BookPool } from "./book.js";
import { lends } from "./hedge-account.js";
import type { PlannedOrder } from "./orders.js";
import { tradeMoney } from "./trade.js";

/** Why an order cannot be carried out on a book. */
export class OrderImpossible extends Error {
  override readonly name = "OrderImpossible";
}

/**
 * The book after an order, as the venues would carry it out: burns and mints at the pool's price, swaps against its liquidity in
 * range, shorts at the venue's quote, fee and impact included.
 *
 * @throws {OrderImpossible} where tokens, liquidity or the short do not suffice
 */
export function applyOrder(book: Book, order: PlannedOrder): Book {
  switch (order.action) {
    case "mint":
    case "burn":
    case "swap": {
      const pool = book.pools[order.leg];
      if (pool === undefined) throw new OrderImpossible(`${order.leg} is not a liquidity leg`);
      if (order.action === "mint") return mint(book, order, pool);
      if (order.action === "burn") return burn(book, order, pool);
      return swap(book, order, pool);
    }
    case "size":
    case "margin": {
      const hedge = book.hedges[order.leg];
      if (hedge === undefined) throw new OrderImpossible(`${order.leg} is not a hedge leg`);
      return order.action === "size" ? resize(book, order, hedge) : moveMargin(book, order, hedge);
    }
  }
}

type Of<A extends PlannedOrder["action"]> = Extract<PlannedOrder, { action: A }>;

function mint(book: Book, order: Of<"mint">, pool: BookPool): Book {
  const { amount0, amount1 } = amountsForLiquidity(
    pool.sqrtPriceX96,
    sqrtRatioAtTick(order.tickLower),
    sqrtRatioAtTick(order.tickUpper),
    order.liquidity,
    true,
  );
  const { tickLower, tickUpper } = order;
  const next = { ...pool, tickLower, tickUpper, liquidity: pool.liquidity + order.liquidity };
  const active = isActive(next) ? order.liquidity : 0n;
  return withPool(pay(book, pool, -amount0, -amount1), order.leg, {
    ...next,
    poolLiquidity: pool.poolLiquidity + active,
  });
}

function burn(book: Book, order: Of<"burn">, pool: BookPool): Book {
  if (order.liquidity > pool.liquidity) throw new OrderImpossible("burns more liquidity than there is");
  const { amount0, amount1 } = amountsForLiquidity(
    pool.sqrtPriceX96,
    sqrtRatioAtTick(pool.tickLower),
    sqrtRatioAtTick(pool.tickUpper),
    order.liquidity,
    false,
  );
  const active = isActive(pool) ? order.liquidity : 0n;
  return withPool(pay(book, pool, amount0 + pool.fees[0], amount1 + pool.fees[1]), order.leg, {
    ...pool,
    liquidity: pool.liquidity - order.liquidity,
    fees: [0n, 0n],
    poolLiquidity: pool.poolLiquidity - active,
  });
}

function swap(book: Book, order: Of<"swap">, pool: BookPool): Book {
  const { amountOut, sqrtPriceAfter } = swapExactIn(
    pool.sqrtPriceX96,
    pool.poolLiquidity,
    pool.fee,
    order.zeroForOne,
    order.amountIn,
  );
  const [in0, in1] = order.zeroForOne ? [-order.amountIn, amountOut] : [amountOut, -order.amountIn];
  return withPool(pay(book, pool, in0, in1), order.leg, { ...pool, sqrtPriceX96: sqrtPriceAfter });
}

function resize(book: Book, order: Of<"size">, hedge: BookHedge): Book {
  const index = hedge.positions.findIndex(({ market }) => market === order.market);
  const position = hedge.positions[index];
  if (position === undefined) throw new OrderImpossible(`${order.market} is not a market of the leg`);
  const size = position.size + order.size;
  if (size > 0n) throw new OrderImpossible("turns a short into a long");
  const money = position.quote === null ? null : tradeMoney(position.quote, order.size);
  if (money === null) throw new OrderImpossible(`${order.market} cannot take a trade of that size now`);
  // Buying back settles the same part of the open notional; selling opens more of it, unless the venue lends and pays out the sale.
  const settled = order.size > 0n ? (position.openNotional * order.size) / -position.size : 0n;
  const toCash = order.size > 0n || lends(hedge);
  const openNotional = position.openNotional - settled + (toCash ? 0n : money);
  const cash = hedge.cash + settled + (toCash ? money : 0n);
  const positions = hedge.positions.with(index, { ...position, size, openNotional });
  return withHedge(book, order.leg, { ...hedge, cash, positions });
}

function moveMargin(book: Book, order: Of<"margin">, hedge: BookHedge): Book {
  const scale = 10n ** BigInt(18 - book.decimals[book.settlement]!);
  const next = { ...hedge, cash: hedge.cash + order.amount * scale };
  return withHedge(take(book, book.settlement, order.amount), order.leg, next);
}

function withHedge(book: Book, leg: string, hedge: BookHedge): Book {
  return { ...book, hedges: { ...book.hedges, [leg]: hedge } };
}

function isActive(pool: BookPool): boolean {
  return pool.sqrtPriceX96 >= sqrtRatioAtTick(pool.tickLower) && pool.sqrtPriceX96 < sqrtRatioAtTick(pool.tickUpper);
}

function withPool(book: Book, leg: string, pool: BookPool): Book {
  return { ...book, pools: { ...book.pools, [leg]: pool } };
}

function pay(book: Book, { indices }: BookPool, in0: bigint, in1: bigint): Book {
  return take(take(book, indices[0], -in0), indices[1], -in1);
}

function take(book: Book, asset: number, amount: bigint): Book {
  const left = book.idle[asset]! - amount;
  if (left < 0n) throw new OrderImpossible(`needs ${-left} more units of asset ${asset} than are idle`);
  return { ...book, idle: book.idle.with(asset, left) };
}
