import type { KeeperConfig } from "../config.js";
import { min } from "../model/bigint.js";
import { amountsForLiquidity, liquidityForAmounts } from "../model/liquidity-math.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import { applyOrder } from "./apply-order.js";
import { type Book, fromUsd, oracleSqrtPrice, positionAmounts, unitsFor, worth } from "./book.js";
import type { PlannedOrder } from "./orders.js";
import { edgeDistance, rangeAround, type TickRange } from "./range.js";
import { largestSwap } from "./swap-size.js";

/** What a liquidity leg shall do. */
export interface LiquidityDecision {
  readonly orders: readonly PlannedOrder[];
  readonly reasons: readonly string[];
  /** After the orders. */
  readonly book: Book;
}

/** Where a decision is made. */
export interface LiquidityContext {
  readonly leg: string;
  readonly spacing: number;
  /** Least width of a range, ticks. */
  readonly minWidth: number;
  /** What its pool should hold, USD. */
  readonly target: number;
  /** NAV, USD. */
  readonly nav: number;
  /** By asset, what other pools still need of it, USD. */
  readonly elsewhere: readonly number[];
  /** Settlement tokens that must stay for margin, USD. */
  readonly reserve: number;
  /** Largest distance of the pool from the oracle that this plan may cause, 1.0 = 100%. */
  readonly band: number;
  /** True where liquidity may only go down, and ranges stay. */
  readonly noNewLiquidity: boolean;
}

const LIQUIDITY_UNIT = 10n ** 24n;
const usd = (value: bigint): number => Number(value) / 1e18;
const percent = (value: number): string => `${(value * 100).toFixed(1)}%`;

/**
 * Keep, make anew, enlarge or shrink a position. A range is made anew only when the price comes near its edge or leaves it, so that
 * it stands in the middle again and much must happen before the next time.
 */
export function planLiquidity(book: Book, context: LiquidityContext, config: KeeperConfig): LiquidityDecision {
  const { leg, spacing, minWidth, target, nav } = context;
  const pool = book.pools[leg]!;
  const oracle = oracleSqrtPrice(book, pool.indices);
  const held = positionAmounts(pool, oracle);
  const value = usd(worth(book, pool.indices[0], held[0]) + worth(book, pool.indices[1], held[1]));
  // What shall be left is left whole.
  const tolerance = target > 0 ? config.liquidity.resizeBand * nav : 0;
  const keep: LiquidityDecision = { orders: [], reasons: [], book };

  if (pool.liquidity === 0n) {
    if (context.noNewLiquidity || target <= tolerance) return keep;
    const range = rangeAround(oracle, config.liquidity.rangeFactor, spacing, minWidth);
    return grow(book, context, range, target, "no liquidity yet", config);
  }
  const distance = edgeDistance(oracle, pool);
  if (distance >= config.liquidity.recentreAt && !context.noNewLiquidity) {
    const why =
      distance >= 1
        ? "the price has left the range"
        : `the price is ${percent(distance)} of the way from the centre of the range to its edge`;
    const orders: PlannedOrder[] = [{ leg, action: "burn", liquidity: pool.liquidity, reason: why }];
    const burnt = applyOrder(book, orders[0]!);
    const wanted = Math.abs(value - target) <= tolerance ? value : target;
    const range = rangeAround(oracle, config.liquidity.rangeFactor, spacing, minWidth);
    const rest = grow(burnt, context, range, wanted, "a new range around the price", config);
    return { orders: [...orders, ...rest.orders], reasons: [why, ...rest.reasons], book: rest.book };
  }
  if (value > target + tolerance) {
    const share = BigInt(Math.round((1 - target / value) * 1e9));
    const why = `liquidity of $${value.toFixed(0)} is above its target of $${target.toFixed(0)}`;
    const order: PlannedOrder = { leg, action: "burn", liquidity: (pool.liquidity * share) / 10n ** 9n, reason: why };
    return sellSurplus({ orders: [order], reasons: [why], book: applyOrder(book, order) }, context);
  }
  if (value < target - tolerance && !context.noNewLiquidity) {
    const added = grow(book, context, pool, target - value, "liquidity is below its target", config);
    const useful = added.orders.some(({ action }) => action === "mint");
    return useful ? added : keep;
  }
  return keep;
}

/** Swap what is missing, then mint as much as the tokens pay for. */
function grow(
  book: Book,
  context: LiquidityContext,
  range: TickRange,
  value: number,
  why: string,
  config: KeeperConfig,
): LiquidityDecision {
  const { leg, reserve, band } = context;
  const [lower, upper] = [sqrtRatioAtTick(range.tickLower), sqrtRatioAtTick(range.tickUpper)];
  const { indices } = book.pools[leg]!;
  const oracle = oracleSqrtPrice(book, indices);
  const unit = amountsForLiquidity(oracle, lower, upper, LIQUIDITY_UNIT, true);
  const worth0 = worth(book, indices[0], unit.amount0);
  const worth1 = worth(book, indices[1], unit.amount1);
  const target = (LIQUIDITY_UNIT * fromUsd(value)) / (worth0 + worth1);

  const orders: PlannedOrder[] = [];
  let now = book;
  const needed = amountsForLiquidity(oracle, lower, upper, target, true);
  const reserved = indices.map((asset) => (asset === book.settlement ? unitsFor(book, asset, fromUsd(reserve)) : 0n));
  const left0 = now.idle[indices[0]]! - needed.amount0 - reserved[0]!;
  const left1 = now.idle[indices[1]]! - needed.amount1 - reserved[1]!;
  if (left0 > 0n !== left1 > 0n) {
    const zeroForOne = left0 > 0n;
    const [from, to] = zeroForOne ? [0, 1] : [1, 0];
    const short = worth(book, indices[to]!, zeroForOne ? -left1 : -left0);
    const spare = zeroForOne ? left0 : left1;
    const asked = min(spare, unitsFor(book, indices[from]!, (short * 1_005n) / 1_000n));
    const amountIn = min(asked, largestSwap(now.pools[leg]!, oracle, zeroForOne, band));
    if (usd(worth(book, indices[from]!, amountIn)) > 1) {
      orders.push({ leg, action: "swap", zeroForOne, amountIn, reason: "the tokens do not match the range" });
      now = applyOrder(now, orders[0]!);
    }
  }
  const keepBack = BigInt(Math.round((1 - config.liquidity.slack) * 1e6));
  const spendable = (side: 0 | 1): bigint => {
    const free = now.idle[indices[side]]! - reserved[side]!;
    return free > 0n ? (free * keepBack) / 1_000_000n : 0n;
  };
  const amounts = { amount0: spendable(0), amount1: spendable(1) };
  const liquidity = min(target, liquidityForAmounts(now.pools[leg]!.sqrtPriceX96, lower, upper, amounts));
  if (usd((liquidity * (worth0 + worth1)) / LIQUIDITY_UNIT) <= config.liquidity.resizeBand * context.nav * 0.1) {
    return { orders, reasons: orders.length > 0 ? [why] : [], book: now };
  }
  const { tickLower, tickUpper } = range;
  orders.push({ leg, action: "mint", tickLower, tickUpper, liquidity, reason: why });
  return { orders, reasons: [why], book: applyOrder(now, orders.at(-1)!) };
}

/**
 * After a burn: what is not the settlement token goes into it where the pool trades it, else into the token that another pool trades for it,
 * as there is no other way out of the rest.
 */
function sellSurplus(decision: LiquidityDecision, { leg, band, elsewhere }: LiquidityContext): LiquidityDecision {
  const { book } = decision;
  const pool = book.pools[leg]!;
  const settling = Object.values(book.pools).flatMap(({ indices }) =>
    indices.includes(book.settlement) ? indices : [],
  );
  const direct = pool.indices.includes(book.settlement);
  const kept = pool.indices.filter((asset) => (direct ? asset === book.settlement : settling.includes(asset)));
  if (kept.length !== 1) return decision;
  const zeroForOne = kept[0] === pool.indices[1];
  const sold = pool.indices[zeroForOne ? 0 : 1];
  const spare = book.idle[sold]! - unitsFor(book, sold, fromUsd(elsewhere[sold]!));
  const amountIn = min(spare, largestSwap(pool, oracleSqrtPrice(book, pool.indices), zeroForOne, band));
  if (usd(worth(book, sold, amountIn)) <= 1) return decision;
  const reason = direct ? "margin needs the settlement token" : "no other pool takes the token";
  const order: PlannedOrder = { leg, action: "swap", zeroForOne, amountIn, reason };
  return { ...decision, orders: [...decision.orders, order], book: applyOrder(book, order) };
}
