import { type Haircut, haircutOf } from "../model/collateral/haircut.js";
import { liquidationTimes } from "../model/collateral/liquidation-time.js";
import { liquidityPremium } from "../model/collateral/liquidity-premium.js";
import { lpHaircut, type TokenStress } from "../model/collateral/lp-collateral.js";
import { unseenMove } from "../model/collateral/unseen-move.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import { type Book, holdings, placedIn, worth } from "./book.js";
import { isStable, type Situation } from "./situation.js";
import { spotMarket } from "./spot-market.js";

/** Withdrawal of liquidity over the day that selling takes: one more plan, an hour. */
const WITHDRAWAL = 1 / 24;
/** Part of its price that a token is left at least, so that a position in it has a value to compare with. */
const LEAST_LEFT = 1e-9;
/** What all may be lost of. */
const LOST: Haircut = { move: 1, premium: 1, depeg: 0, total: 1 };
const NONE: Haircut = { move: 0, premium: 0, depeg: 0, total: 0 };

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
  /** By asset, idle; a haircut is that of all the vault holds of it, in pools too. */
  readonly idle: readonly CountedHolding[];
  /** By liquidity leg; null where there is no liquidity. */
  readonly positions: Readonly<Record<string, CountedHolding | null>>;
}

/** How an asset may fall, and what selling it costs. */
interface AssetTerms extends TokenStress {
  readonly haircut: Haircut;
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
  const held = holdings(book);
  const nav = Number(situation.state.portfolio.nav) / 1e18;
  const terms = held.map((usd, asset) => {
    return termsOf(situation, book, asset, usd, nav, covariance?.[asset]?.[asset] ?? null);
  });
  const idle = terms.map(({ haircut }, asset) => {
    return counted(Number(worth(book, asset, book.idle[asset]!)) / 1e18, haircut);
  });
  const positions = Object.entries(book.pools).map(([leg, { liquidity }]) => {
    return [leg, liquidity === 0n ? null : countedPosition(book, leg, terms)] as const;
  });
  return { idle, positions: Object.fromEntries(positions) };
}

function termsOf(
  { state, collateral }: Situation,
  book: Book,
  asset: number,
  usd: number,
  nav: number,
  variance: number | null,
): AssetTerms {
  if (asset === book.settlement) return { haircut: NONE, downMove: 0, premium: 0 };
  const market = spotMarket(book, asset);
  const known = collateral[asset];
  const stable = isStable(state.assets[asset]!);
  const move = stable ? 0 : (known?.downMove ?? (variance === null ? null : unseenMove(variance)));
  if (market === null || move === null) {
    return { haircut: LOST, downMove: move ?? -Math.log(LEAST_LEFT), premium: market === null ? 1 : 0 };
  }
  const depeg = stable ? (known?.depeg ?? Number(state.assets[asset]!.feed.stableBand) / 1e18) : 0;
  const premium = liquidityPremium(market, usd);
  const times = nav > 0 ? liquidationTimes(usd / nav) : 1;
  const haircut = haircutOf({ downMove: move, times, premium, depeg });
  return { haircut, downMove: -Math.log(Math.max(LEAST_LEFT, 1 - haircut.move - depeg)), premium };
}

function counted(value: number, haircut: Haircut): CountedHolding {
  return { value, haircut, counted: value * (1 - haircut.total) };
}

function countedPosition(book: Book, leg: string, terms: readonly AssetTerms[]): CountedHolding {
  const pool = book.pools[leg]!;
  const [i, j] = pool.indices;
  const price = (asset: number): number => Number(book.prices[asset]!) / 1e18;
  const scale = 10 ** (book.decimals[i]! - book.decimals[j]!);
  const whole = (tick: number): number => (Number(sqrtRatioAtTick(tick)) / 2 ** 96) ** 2 * scale;
  const range = {
    liquidity: Number(pool.liquidity) / 10 ** ((book.decimals[i]! + book.decimals[j]!) / 2),
    lower: whole(pool.tickLower),
    upper: whole(pool.tickUpper),
  };
  return counted(placedIn(book, leg), lpHaircut(range, price(i), price(j), [terms[i]!, terms[j]!], WITHDRAWAL));
}
