import { UsageError } from "../errors.js";
import { ASSETS, type Asset, DECIMALS, MARKETS, type Market, POOLS, type PoolName, type Prices } from "./assets.js";
import { sorted } from "./deploy/uniswap.js";
import type { LastRound } from "./feed-rules.js";
import type { MarketMover } from "./generated/own/index.js";
import { fromSqrtX96, toAnswer, toSqrtX96, usdPerRaw } from "./math.js";
import { latestTime, setNextTime } from "./time.js";
import type { World } from "./world.js";

export type Round = MarketMover.RoundStruct;
export type Noise = MarketMover.NoiseStruct;
export type Spot = MarketMover.SpotStruct;
export type Perp = MarketMover.PerpStruct;

/** Everything that the market does in one block. */
export interface Moment {
  rounds?: Round[];
  noises?: Noise[];
  spots?: Spot[];
  perps?: Perp[];
}

/** Perp v2 remembers a market's tick for 15 seconds and limits moves from it. */
const TICK_WINDOW = 16;
/** A jump to a millionth takes 120 steps of 10%: whatever needs more does not move at all. */
const MAX_STEPS = 200;

/** The venues at a moment. */
export interface Look {
  readonly rounds: Record<Asset, LastRound>;
  readonly perpSqrtX96: Record<Market, bigint>;
}

/** The most that a block's gas may cost, fixed to spare asking for the base fee. */
const MAX_FEE_PER_GAS = "0xe8d4a51000";

function moverOf({ mover }: World): MarketMover {
  if (mover === undefined) {
    throw new UsageError("Nobody moves prices on this chain.", "Use a world of deployWorld, or a fork of one.");
  }
  return mover;
}

/** Send one moment, at a given time or at the node's own; no receipt is read: the node refuses what reverts. */
export async function play(world: World, moment: Moment, time?: number): Promise<void> {
  const mover = moverOf(world);
  const { rounds = [], noises = [], spots = [], perps = [] } = moment;
  if (time !== undefined) await setNextTime(world.connection, time);
  const data = mover.interface.encodeFunctionData("step", [rounds, noises, spots, perps]);
  const from = world.signers.arbitrageur.address;
  const to = await mover.getAddress();
  await world.connection.provider.request({ method: "eth_sendTransaction", params: [tx(from, to, data)] });
}

function tx(from: string, to: string, data: string) {
  return { from, to, data, maxFeePerGas: MAX_FEE_PER_GAS, maxPriorityFeePerGas: "0x0" };
}

/** The last rounds and the perp markets' prices, in one call. */
export async function look(world: World): Promise<Look> {
  const mover = moverOf(world);
  const aggregators = await Promise.all(ASSETS.map((asset) => world.feeds[asset].aggregator.getAddress()));
  const pools = MARKETS.map((market) => world.deployment.perp.markets[market].pool);
  const data = mover.interface.encodeFunctionData("look", [aggregators, pools]);
  const call = { to: await mover.getAddress(), data };
  const result = await world.connection.provider.request({ method: "eth_call", params: [call, "latest"] });
  const [answers, updatedAt, prices] = mover.interface.decodeFunctionResult("look", result as string) as unknown as [
    bigint[],
    bigint[],
    bigint[],
  ];
  const rounds = ASSETS.map((asset, i) => [asset, { answer: answers[i], updatedAt: Number(updatedAt[i]) }]);
  return {
    rounds: Object.fromEntries(rounds) as Look["rounds"],
    perpSqrtX96: Object.fromEntries(MARKETS.map((market, i) => [market, prices[i]])) as Look["perpSqrtX96"],
  };
}

/** The two assets of a spot pool as token0 and token1. */
export function orderOf({ deployment, altSymbol }: World, name: PoolName): [Asset, Asset] {
  const symbols: Record<Asset, string> = { ETH: "WETH", BTC: "WBTC", ALT: altSymbol, USDC: "USDC" };
  return sorted(POOLS[name].assets, (asset) => deployment.tokens[symbols[asset]] ?? "0x0");
}

/** An arbitrage of a spot pool towards USD prices, up to `edge` (a fraction) away from them. */
export function spotMove(world: World, name: PoolName, prices: Prices, edge: number): Spot {
  const [asset0, asset1] = orderOf(world, name);
  const raw = (prices[asset0] / prices[asset1]) * 10 ** (DECIMALS[asset1] - DECIMALS[asset0]);
  return {
    pool: world.deployment.uniswap.pools[name],
    lower: toSqrtX96(raw * (1 - edge)),
    upper: toSqrtX96(raw * (1 + edge)),
    usd0: usdPerRaw(asset0, prices[asset0]),
    usd1: usdPerRaw(asset1, prices[asset1]),
  };
}

/** An arbitrage of a perp market towards a USD price, up to `edge` (a fraction) away from it. */
export function perpMove({ deployment }: World, market: Market, priceUsd: number, edge: number): Perp {
  const { base, pool } = deployment.perp.markets[market];
  const lower = toSqrtX96(priceUsd * (1 - edge));
  return {
    base,
    pool,
    lower,
    upper: toSqrtX96(priceUsd * (1 + edge)),
    usd: BigInt(Math.round(priceUsd * 1e12)) * 10n ** 6n,
  };
}

/** A round of one feed. */
export async function roundOf({ feeds }: World, asset: Asset, priceUsd: number): Promise<Round> {
  return { aggregator: await feeds[asset].aggregator.getAddress(), answer: toAnswer(priceUsd) };
}

/** Every feed reports, at a given time. */
export async function reportRounds(world: World, prices: Prices, time: number): Promise<void> {
  const rounds = await Promise.all(ASSETS.map((asset) => roundOf(world, asset, prices[asset])));
  await play(world, { rounds }, time);
}

/** One more round of a feed, by its owner, in the next block. */
export async function setFeed({ feeds, signers }: World, asset: Asset, priceUsd: number): Promise<void> {
  const { aggregator } = feeds[asset];
  const round = await aggregator.latestRound();
  await aggregator.connect(signers.feedOwner).submit(round + 1n, toAnswer(priceUsd));
}

/** The price of a spot pool: its first asset counted in its second (ALT in USDC, ALT in ETH, ETH in USDC). */
export async function poolPrice(world: World, name: PoolName): Promise<number> {
  const [asset0, asset1] = orderOf(world, name);
  const { sqrtPriceX96 } = await world.uniswap.pools[name].slot0();
  const price = fromSqrtX96(sqrtPriceX96) * 10 ** (DECIMALS[asset0] - DECIMALS[asset1]);
  return asset0 === POOLS[name].assets[0] ? price : 1 / price;
}

/** Trade a spot pool to a price: its first asset counted in its second. */
export async function movePool(world: World, name: PoolName, price: number): Promise<void> {
  const [first, second] = POOLS[name].assets;
  // Only the ratio moves the pool; the profit is counted as if the second asset were worth a dollar.
  const prices = { ETH: 1, BTC: 1, ALT: 1, USDC: 1, [first]: price, [second]: 1 };
  await play(world, { spots: [spotMove(world, name, prices, 0)] });
}

/** The price of a perp market. */
export async function perpPrice({ perp }: World, market: Market): Promise<number> {
  const { sqrtPriceX96 } = await perp.markets[market].pool.slot0();
  return fromSqrtX96(sqrtPriceX96);
}

/**
 * Trade a perp market to a price, in as many blocks as its tick limit asks for.
 * The venue refuses to leave the band of 10% around its index: set the feed first.
 */
export async function movePerp(world: World, market: Market, priceUsd: number): Promise<void> {
  await finishPerps(world, { [market]: perpMove(world, market, priceUsd, 0) });
}

/** Repeat arbitrages of perp markets, a tick window apart, until each is where it should be. */
export async function finishPerps(world: World, moves: Partial<Record<Market, Perp>>): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const { perpSqrtX96 } = await look(world);
    const open = MARKETS.flatMap((market) => {
      const move = moves[market];
      return move !== undefined && !isInside(move, perpSqrtX96[market]) ? [move] : [];
    });
    if (open.length === 0) return;
    await play(world, { perps: open }, (await latestTime(world.connection)) + TICK_WINDOW);
  }
  throw new UsageError("A perp market does not reach its price.", "Report a nearer price first, or add liquidity.");
}

function isInside({ lower, upper }: Perp, sqrtX96: bigint): boolean {
  return sqrtX96 >= BigInt(lower) && sqrtX96 <= BigInt(upper);
}

/** Does one block suffice to bring a perp market from a √price to where it should be? */
export function isNear({ lower, upper }: Perp, sqrtX96: bigint): boolean {
  const [from, reach] = [Number(sqrtX96), 0.04];
  return Number(lower) < from * (1 + reach) && Number(upper) > from * (1 - reach);
}
