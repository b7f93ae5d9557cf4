import { type Haircut, haircutOf } from "../model/collateral/haircut.js";
import { liquidationTimes } from "../model/collateral/liquidation-time.js";
import { liquidityPremium, type SpotMarket } from "../model/collateral/liquidity-premium.js";
import { lpHaircut, type TokenStress } from "../model/collateral/lp-collateral.js";
import { unseenMove } from "../model/collateral/unseen-move.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import { type Book, oracleSqrtPrice, positionAmounts, worth } from "./book.js";
import { isStable, type Situation } from "./situation.js";

/** Withdrawal of liquidity, against the time that selling takes: one more plan and its cooldown, of a day. */
const WITHDRAWAL = 1 / 24;

/** A holding as collateral. */
export interface CountedHolding {
  /** USD. */
  readonly value: number;
  readonly haircut: Haircut;
  /** USD that it counts for. */
  readonly counted: number;
}

/** What the vault holds outside its venues, after haircuts. */
export interface CountedCollateral {
  /** By asset, idle: what lies in pools counts as if it were sold with it. */
  readonly idle: readonly CountedHolding[];
  /** By liquidity leg; null where there is no liquidity. */
  readonly positions: Readonly<Record<string, CountedHolding | null>>;
}

/**
 * The haircuts of everything that the vault holds, at its own size. The settlement token has none: it is what is asked for. A token that none of
 * the vault's pools sells for it counts for nothing.
 *
 * @param covariance By asset, for assets whose moves are not known well enough yet; null where there is none
 */
export function collateralOf(
  situation: Situation,
  book: Book,
  covariance: readonly (readonly number[])[] | null,
): CountedCollateral {
  const { state, collateral } = situation;
  const held = holdings(book);
  const total = held.reduce((sum, usd, asset) => (asset === book.settlement ? sum : sum + usd), 0);
  const inputs = held.map((usd, asset) => {
    const { downMove, depeg } = collateral[asset] ?? { downMove: null, depeg: null };
    const market = spotMarket(book, asset);
    const variance = covariance?.[asset]?.[asset];
    const move = isStable(state.assets[asset]!) ? 0 : (downMove ?? (variance === undefined ? null : unseenMove(variance)));
    return {
      downMove: move ?? Number.POSITIVE_INFINITY,
      times: total > 0 ? liquidationTimes(usd / total) : 1,
      premium: market === null ? 1 : liquidityPremium(market, usd),
      depeg: isStable(state.assets[asset]!) ? (depeg ?? Number(state.assets[asset]!.feed.stableBand) / 1e18) : 0,
    };
  });
  const idle = inputs.map((input, asset) => {
    const none = { move: 0, premium: 0, depeg: 0, total: 0 };
    const haircut = asset === book.settlement ? none : haircutOf(input);
    return counted(Number(worth(book, asset, book.idle[asset]!)) / 1e18, haircut);
  });
  const stressOf = (asset: number): TokenStress => {
    if (asset === book.settlement) return { downMove: 0, premium: 0 };
    const { downMove, times, premium, depeg } = inputs[asset]!;
    return { downMove: downMove * Math.sqrt(times) - Math.log(Math.max(1e-9, 1 - depeg)), premium: Math.min(1, premium) };
  };
  const positions = Object.fromEntries(
    Object.keys(book.pools).map((leg) => [leg, countedPosition(book, leg, stressOf)]),
  );
  return { idle, positions };
}

function counted(value: number, haircut: Haircut): CountedHolding {
  return { value, haircut, counted: value * (1 - haircut.total) };
}

function countedPosition(book: Book, leg: string, stressOf: (asset: number) => TokenStress): CountedHolding | null {
  const pool = book.pools[leg]!;
  if (pool.liquidity === 0n) return null;
  const [i, j] = pool.indices;
  const price = (asset: number): number => Number(book.prices[asset]!) / 1e18;
  const scale = 10 ** (book.decimals[i]! - book.decimals[j]!);
  const whole = (tick: number): number => (Number(sqrtRatioAtTick(tick)) / 2 ** 96) ** 2 * scale;
  const range = {
    liquidity: Number(pool.liquidity) / 10 ** ((book.decimals[i]! + book.decimals[j]!) / 2),
    lower: whole(pool.tickLower),
    upper: whole(pool.tickUpper),
  };
  const held = positionAmounts(pool, oracleSqrtPrice(book, pool.indices));
  const value = Number(worth(book, i, held[0]) + worth(book, j, held[1])) / 1e18;
  return counted(value, lpHaircut(range, price(i), price(j), [stressOf(i), stressOf(j)], WITHDRAWAL));
}

/** What the vault holds of each asset, idle and in pools, USD. */
function holdings(book: Book): number[] {
  const amounts = [...book.idle];
  for (const pool of Object.values(book.pools)) {
    positionAmounts(pool, oracleSqrtPrice(book, pool.indices)).forEach((amount, side) => {
      amounts[pool.indices[side as 0 | 1]]! += amount;
    });
  }
  return amounts.map((amount, asset) => Number(worth(book, asset, amount)) / 1e18);
}

/** The deepest of the vault's pools that sells an asset for the settlement token, its depth the virtual reserve in USD; null where none does. */
function spotMarket(book: Book, asset: number): SpotMarket | null {
  const markets = Object.values(book.pools).flatMap((pool): SpotMarket[] => {
    if (!pool.indices.includes(asset) || !pool.indices.includes(book.settlement) || pool.poolLiquidity === 0n) return [];
    const root = oracleSqrtPrice(book, pool.indices);
    const reserve = pool.indices[0] === asset ? (pool.poolLiquidity << 96n) / root : (pool.poolLiquidity * root) >> 96n;
    return [{ fee: pool.fee / 1e6, depth: Number(worth(book, asset, reserve)) / 1e18 }];
  });
  return markets.reduce<SpotMarket | null>((best, one) => (best === null || one.depth > best.depth ? one : best), null);
}
