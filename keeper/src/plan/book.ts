import type { VaultState } from "@crosshedge/sdk";
import { amountsForLiquidity } from "../model/liquidity-math.js";
import { sqrtRatioAtTick, sqrtRatioFromPrices } from "../model/tick-math.js";
import { type PoolState, settlementIndex } from "./situation.js";
import type { Quote } from "./trade.js";

/** A liquidity leg's position and the pool around it. */
export interface BookPool {
  readonly indices: readonly [number, number];
  readonly fee: number;
  readonly tickLower: number;
  readonly tickUpper: number;
  readonly liquidity: bigint;
  readonly fees: readonly [bigint, bigint];
  readonly sqrtPriceX96: bigint;
  /** In range, of everybody. */
  readonly poolLiquidity: bigint;
}

/** A hedge leg's account, on any venue. */
export interface BookHedge {
  /** USD at par, 1e18. */
  readonly cash: bigint;
  /** Index of the token that cash is in. */
  readonly settlement: number;
  /** Share of cash and open notional that counts as margin, 1e18. */
  readonly weight: bigint;
  readonly positions: readonly {
    readonly market: string;
    readonly asset: number;
    readonly size: bigint;
    readonly openNotional: bigint;
    /** Null where the market cannot be traded now. */
    readonly quote: Quote | null;
  }[];
}

/** What the vault holds, in a form that orders can be tried on. Immutable. */
export interface Book {
  readonly decimals: readonly number[];
  /** USD per whole token, 1e18. */
  readonly prices: readonly bigint[];
  readonly settlement: number;
  /** Token units. */
  readonly idle: readonly bigint[];
  readonly pools: Readonly<Record<string, BookPool>>;
  readonly hedges: Readonly<Record<string, BookHedge>>;
}

/** What a book is opened from. */
interface BookSource {
  readonly state: VaultState;
  readonly pools: Readonly<Record<string, Omit<PoolState, "feeRate">>>;
}

/** The book of a situation, at the snapshot's prices. */
export function openBook({ state, pools }: BookSource): Book {
  const book: { pools: Record<string, BookPool>; hedges: Record<string, BookHedge> } = { pools: {}, hedges: {} };
  for (const leg of state.legs) {
    if (leg.kind === "liquidity") {
      const pool = pools[leg.address]!;
      book.pools[leg.address] = {
        indices: leg.indices,
        fee: pool.fee,
        tickLower: leg.tickLower,
        tickUpper: leg.tickUpper,
        liquidity: leg.liquidity,
        fees: leg.fees ?? [0n, 0n],
        sqrtPriceX96: pool.sqrtPriceX96,
        poolLiquidity: pool.liquidity,
      };
    } else if (leg.kind === "hedge") {
      book.hedges[leg.address] = {
        cash: leg.cash,
        settlement: settlementIndex(state),
        weight: leg.collateralWeight,
        positions: leg.positions.map(({ assetIndex, ...position }) => ({ asset: assetIndex, ...position })),
      };
    }
  }
  return {
    decimals: state.assets.map(({ decimals }) => decimals),
    prices: state.prices.mid,
    settlement: settlementIndex(state),
    idle: state.assets.map(({ idle }) => idle),
    ...book,
  };
}

/** USD 1e18 of an amount. */
export function worth(book: Book, asset: number, amount: bigint): bigint {
  return (amount * book.prices[asset]!) / 10n ** BigInt(book.decimals[asset]!);
}

/** Token units for an amount of USD 1e18, rounded down. */
export function unitsFor(book: Book, asset: number, usd: bigint): bigint {
  return usd <= 0n ? 0n : (usd * 10n ** BigInt(book.decimals[asset]!)) / book.prices[asset]!;
}

/** USD 1e18 of an amount of dollars, to a millionth; nothing for less than nothing. */
export function fromUsd(value: number): bigint {
  return BigInt(Math.max(0, Math.round(value * 1e6))) * 10n ** 12n;
}

/** √price of a leg's pair at the oracle's prices. */
export function oracleSqrtPrice(book: Book, [i, j]: readonly [number, number]): bigint {
  return sqrtRatioFromPrices(book.prices[i]!, book.prices[j]!, book.decimals[i]!, book.decimals[j]!);
}

/** Token amounts of a position at a √price, uncollected fees included. */
export function positionAmounts(pool: BookPool, sqrtPrice: bigint): [bigint, bigint] {
  if (pool.liquidity === 0n) return [pool.fees[0], pool.fees[1]];
  const { amount0, amount1 } = amountsForLiquidity(
    sqrtPrice,
    sqrtRatioAtTick(pool.tickLower),
    sqrtRatioAtTick(pool.tickUpper),
    pool.liquidity,
    false,
  );
  return [amount0 + pool.fees[0], amount1 + pool.fees[1]];
}

/** What a leg's position is worth at the oracle's prices, uncollected fees included, USD. */
export function placedIn(book: Book, leg: string): number {
  const pool = book.pools[leg]!;
  const held = positionAmounts(pool, oracleSqrtPrice(book, pool.indices));
  return Number(worth(book, pool.indices[0], held[0]) + worth(book, pool.indices[1], held[1])) / 1e18;
}

/** What the vault holds of each asset, idle and in pools, USD. */
export function holdings(book: Book): number[] {
  const amounts = [...book.idle];
  for (const pool of Object.values(book.pools)) {
    positionAmounts(pool, oracleSqrtPrice(book, pool.indices)).forEach((amount, side) => {
      amounts[pool.indices[side as 0 | 1]]! += amount;
    });
  }
  return amounts.map((amount, asset) => Number(worth(book, asset, amount)) / 1e18);
}

/** Assets that a state names, for messages. */
export function symbolOf(state: VaultState, asset: number): string {
  return state.assets[asset]?.symbol ?? `asset ${asset}`;
}
