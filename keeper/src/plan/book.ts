import type { VaultState } from "@crosshedge/sdk";
import { amountsForLiquidity } from "../model/liquidity-math.js";
import { sqrtRatioAtTick, sqrtRatioFromPrices } from "../model/tick-math.js";
import { type Situation, settlementIndex } from "./situation.js";

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

/** A hedge leg's account. */
export interface BookPerp {
  /** USD, 1e18. */
  readonly cash: bigint;
  readonly positions: readonly {
    readonly market: string;
    readonly asset: number;
    readonly size: bigint;
    readonly openNotional: bigint;
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
  readonly perps: Readonly<Record<string, BookPerp>>;
}

/** The book of a situation, at the snapshot's prices. */
export function openBook({ state, pools }: Situation): Book {
  const book: { pools: Record<string, BookPool>; perps: Record<string, BookPerp> } = { pools: {}, perps: {} };
  for (const leg of state.legs) {
    if (leg.venue === "uniswap-v3") {
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
    } else if (leg.venue === "perp-v2") {
      book.perps[leg.address] = {
        cash: leg.cash,
        positions: leg.positions.map(({ market, assetIndex, size, openNotional }) => ({
          market,
          asset: assetIndex,
          size,
          openNotional,
        })),
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

/** The worse of the oracle's and, where it is known, the venue's figure is what the chain checks; this is the oracle's. */
export function perpEquity(book: Book, perp: BookPerp): { equity: bigint; notional: bigint } {
  let equity = perp.cash;
  let notional = 0n;
  for (const { asset, size, openNotional } of perp.positions) {
    const exposure = (size * book.prices[asset]!) / 10n ** 18n;
    equity += exposure + openNotional;
    notional += exposure < 0n ? -exposure : exposure;
  }
  return { equity, notional };
}

/** Assets that a state names, for messages. */
export function symbolOf(state: VaultState, asset: number): string {
  return state.assets[asset]?.symbol ?? `asset ${asset}`;
}
