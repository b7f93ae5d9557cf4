import { createRandom } from "@crosshedge/keeper/random";
import { UsageError } from "../errors.js";
import { ASSETS, type Asset, MARKETS, type Market, PERP_FEE, POOL_NAMES, POOLS, type Prices } from "./assets.js";
import { ARBITRAGE_MARGIN } from "./deploy/mover.js";
import { DEFAULT_RULES, type FeedRule, isDue } from "./feed-rules.js";
import { makerHoldings, makerProfit } from "./makers.js";
import { fromWad, toAnswer } from "./math.js";
import { noiseTrades } from "./noise.js";
import { iso, type PricePath } from "./path.js";
import { DAY, HOUR, latestTime, QUARTER } from "./time.js";
import {
  finishPerps,
  isNear,
  type Look,
  look,
  type Perp,
  perpMove,
  play,
  type Round,
  roundOf,
  type Spot,
  spotMove,
} from "./venues.js";
import type { World } from "./world.js";

export interface DriverOptions {
  /** Of the noise trades. */
  seed: number;
  rules?: Partial<Record<Asset, FeedRule>>;
  /** Free collateral in USDC that the arbitrageur tops up to once a day. */
  margin?: bigint;
}

/** USD gained since the driver was made, each trade at the path's price when it was done. */
export interface Profits {
  arbitrageurs: number;
  /** Fees and divergence, against holding. */
  makers: number;
  noiseTraders: number;
}

/** Walks a world along a price path, a quarter-hour a step. */
export interface Driver {
  /** Path time reached, in unix seconds. */
  readonly now: number;
  readonly done: boolean;
  /** Rounds that each feed reported through this driver. */
  readonly rounds: Readonly<Record<Asset, number>>;
  /** Walk to the scored period: every oracle round, but the markets only now and then. */
  warmUp(onProgress?: (fraction: number) => void): Promise<void>;
  /** One quarter-hour: oracle rounds by their rules, noise, arbitrage. */
  step(): Promise<void>;
  profits(): Promise<Profits>;
}

/** In the warm-up the markets move this seldom, and in full towards its end. */
const COARSE = 6 * HOUR;
const SETTLE = 2 * HOUR;

export async function createDriver(world: World, path: PricePath, options: DriverOptions): Promise<Driver> {
  const rules = { ...DEFAULT_RULES, ...options.rules };
  const { margin = ARBITRAGE_MARGIN } = options;
  const random = createRandom(options.seed);
  const chainTime = await latestTime(world.connection);
  let now = Math.max(path.start, path.start + Math.floor((chainTime - path.start) / QUARTER) * QUARTER);
  let toppedUp = now;
  const rounds: Record<Asset, number> = { ETH: 0, BTC: 0, ALT: 0, USDC: 0 };
  const before = { makers: await makerHoldings(world), ...(await traderProfits(world)) };

  async function dueRounds(seen: Look, quote: Partial<Prices>, time: number): Promise<Round[]> {
    const due: Round[] = [];
    for (const asset of ASSETS) {
      const price = quote[asset];
      if (price === undefined) continue;
      if (!isDue(rules[asset], seen.rounds[asset], toAnswer(price), time)) continue;
      due.push(await roundOf(world, asset, price));
      rounds[asset] += 1;
    }
    return due;
  }

  async function advance(trade: { noise: boolean; arbitrage: boolean }): Promise<void> {
    if (now >= path.end) {
      throw new UsageError(`The price path ended at ${iso(path.end)}.`, "Take a longer path, or stop when done.");
    }
    const next = now + QUARTER;
    const time = Math.max(next, (await latestTime(world.connection)) + 1);
    const quote = path.quoteAt(next);
    const seen = await look(world);
    const noises = trade.noise ? noiseTrades(world, random, quote) : [];
    const spots = trade.arbitrage ? spotMoves(world, quote) : [];
    const perps = trade.arbitrage ? perpMoves(world, quote) : {};
    const topUp = trade.arbitrage && next - toppedUp >= DAY;
    if (topUp) toppedUp = next;
    const parts = { rounds: await dueRounds(seen, quote, time), noises, spots, perps: Object.values(perps) };
    const eventful = topUp || Object.values(parts).some((part) => part.length > 0);
    if (eventful) await play(world, topUp ? { ...parts, margin } : parts, time);
    const far = MARKETS.some(
      (market) => perps[market] !== undefined && !isNear(perps[market], seen.perpSqrtX96[market]),
    );
    if (far) await finishPerps(world, perps);
    now = next;
  }

  return {
    get now() {
      return now;
    },
    get done() {
      return now >= path.end;
    },
    rounds,
    step: () => advance({ noise: true, arbitrage: true }),
    async warmUp(onProgress) {
      const from = now;
      while (now < path.scored) {
        const left = path.scored - (now + QUARTER);
        await advance({ noise: false, arbitrage: left < SETTLE || left % COARSE === 0 });
        if (now % HOUR === 0) onProgress?.((now - from) / (path.scored - from));
      }
    },
    async profits() {
      const traders = await traderProfits(world);
      const makers = makerProfit(before.makers, await makerHoldings(world), path.priceAt(now));
      return {
        arbitrageurs: traders.arbitrageurs - before.arbitrageurs,
        noiseTraders: traders.noiseTraders - before.noiseTraders,
        makers,
      };
    },
  };
}

/** Arbitrage stops where the fee eats the gain. A pool of an asset in a gap is left alone. */
function spotMoves(world: World, quote: Partial<Prices>): Spot[] {
  const quoted = POOL_NAMES.filter((name) => POOLS[name].assets.every((asset) => quote[asset] !== undefined));
  return quoted.map((name) => spotMove(world, name, quote as Prices, POOLS[name].fee / 1e6));
}

function perpMoves(world: World, quote: Partial<Prices>): Partial<Record<Market, Perp>> {
  const moves: Partial<Record<Market, Perp>> = {};
  for (const market of MARKETS) {
    const price = quote[market];
    if (price !== undefined) moves[market] = perpMove(world, market, price, PERP_FEE);
  }
  return moves;
}

async function traderProfits({ mover }: World): Promise<{ arbitrageurs: number; noiseTraders: number }> {
  if (mover === undefined) return { arbitrageurs: 0, noiseTraders: 0 };
  const spot = fromWad(await mover.spotProfit());
  const perp = fromWad(await mover.perpProfit());
  return { arbitrageurs: spot + perp, noiseTraders: fromWad(await mover.noiseProfit()) };
}
