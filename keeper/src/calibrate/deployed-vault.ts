import { amountsForLiquidity } from "../model/liquidity-math.js";
import { sqrtRatioAtTick } from "../model/tick-math.js";
import { type Book, type BookHedge, oracleSqrtPrice, unitsFor, worth } from "../plan/book.js";
import { equityPerShort, priceAt } from "../plan/hedge-account.js";
import { measureBook } from "../plan/measure-book.js";
import { rangeAround } from "../plan/range.js";
import type { DayForecast } from "./forecasts.js";
import type { VaultShape } from "./shape.js";
import { borneBy, shortTargets } from "./shorts.js";
import type { WalkChoices } from "./walk-types.js";

/** Where the price stands in the range. */
export type Place = "centre" | "lower" | "upper";

/** How a vault is deployed. */
export interface Deployment {
  readonly choices: WalkChoices;
  /** Part of the NAV that the pool gets when the range is made. */
  readonly share: number;
  /** USD by asset, where the range is made. */
  readonly prices: readonly number[];
  /** Of the day that wants the largest shorts there. */
  readonly forecasts: readonly DayForecast[];
}

/** A vault fully deployed, and the forecast that its shorts are by. */
export interface DeployedVault {
  readonly book: Book;
  readonly forecast: DayForecast;
}

/** Names in the book: there is one pool, and one venue. */
const POOL = "pool";
const VENUE = "hedge";
/** Every token has as many here. */
const DECIMALS = 18;
const UNIT = 10n ** 18n;
/** What is shared out; losses are shares, so that any sum would do. */
const NAV = 1_000_000;

const wad = (value: number): bigint => BigInt(Math.round(value * 1e12)) * 1_000_000n;
const usd = (value: bigint): number => Number(value) / 1e18;

/**
 * A vault of $1,000,000 as its parameters deploy it: liquidity in a range that was made at its centre, the price there or gone to an edge
 * since; shorts by the betas, as many as the margin bears; margin at its target, the rest idle. What the pool lost on the way to an edge, shorts
 * have brought in.
 */
export function deployedVault(shape: VaultShape, deployment: Deployment, place: Place): DeployedVault {
  const { choices, forecasts } = deployment;
  const pooled = withPool(shape, deployment, place);
  const { nav, exposure } = measureBook(pooled);
  const free = NAV - usd(nav);
  const own = exposure.map(usd);
  const wanted = ({ betas }: DayForecast): number[] => shortTargets(shape, own, betas);
  const gross = (shorts: readonly number[]): number => -shorts.reduce((sum, short) => sum + short, 0);
  const forecast = forecasts.reduce((most, one) => (gross(wanted(one)) > gross(wanted(most)) ? one : most));
  const weight = { weight: wad(shape.weight) };
  const shorts = borneBy(wanted(forecast), free, equityPerShort(weight, choices.marginLow));
  const margin = Math.min(free, gross(shorts) * equityPerShort(weight, choices.marginTarget));
  const idle = pooled.idle.map((_, asset) =>
    asset === shape.settlement ? unitsFor(pooled, asset, wad(free - margin)) : 0n,
  );
  return { book: { ...pooled, idle, hedges: { [VENUE]: account(shape, pooled.prices, shorts, margin) } }, forecast };
}

/** A book of the liquidity alone. */
function withPool(
  { assets, pool, settlement }: VaultShape,
  { choices, share, prices }: Deployment,
  place: Place,
): Book {
  const indices = [pool.asset, pool.quote] as const;
  const made: Book = {
    decimals: assets.map(() => DECIMALS),
    prices: prices.map(wad),
    settlement,
    idle: assets.map(() => 0n),
    ...{ pools: {}, hedges: {} },
  };
  const centre = oracleSqrtPrice(made, indices);
  const range = rangeAround(centre, choices.rangeFactor, pool.tickSpacing);
  const edges = [sqrtRatioAtTick(range.tickLower), sqrtRatioAtTick(range.tickUpper)] as const;
  const some = 10n ** 27n;
  const { amount0, amount1 } = amountsForLiquidity(centre, ...edges, some, false);
  const liquidity = (some * wad(share * NAV)) / (worth(made, pool.asset, amount0) + worth(made, pool.quote, amount1));
  const moved = { centre: 1, lower: 1 / choices.rangeFactor, upper: choices.rangeFactor }[place];
  const there = { ...made, prices: prices.map((price, asset) => wad(asset === pool.asset ? price * moved : price)) };
  const position = { indices, fee: pool.fee * 1e6, ...range, liquidity, fees: [0n, 0n] as const };
  const sqrtPriceX96 = oracleSqrtPrice(there, indices);
  return { ...there, pools: { [POOL]: { ...position, sqrtPriceX96, poolLiquidity: liquidity } } };
}

/** An account at the venue with these shorts, USD, sold at these prices. */
function account(
  { hedges, settlement, weight }: VaultShape,
  prices: readonly bigint[],
  shorts: readonly number[],
  margin: number,
): BookHedge {
  const terms = { settlement, weight: wad(weight) };
  const tokens = (value: number): bigint => (wad(value) * UNIT) / prices[settlement]!;
  const lent = weight < 1;
  const sold = shorts.reduce((sum, short) => sum - short, 0);
  return {
    ...terms,
    cash: tokens(margin + (lent ? sold : 0)),
    positions: hedges.map(({ asset }, j) => ({
      market: `market ${j}`,
      asset,
      size: (tokens(shorts[j]!) * UNIT) / priceAt(prices, terms, asset),
      openNotional: lent ? 0n : -tokens(shorts[j]!),
      quote: null,
    })),
  };
}
