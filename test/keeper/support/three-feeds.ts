import type { OracleRound } from "../../../keeper/src/model/rounds.js";
import { DEFAULT_RULES } from "../../../scripts/devnet/feed-rules.js";
import { generatePath, REGIMES } from "../../../scripts/devnet/generated-path.js";
import { type PricePath, readPath } from "../../../scripts/devnet/path.js";
import { seededNormals } from "../../support/random.js";
import type { HourlyReturns } from "./hedge-effectiveness.js";

const ASSETS = ["ALT", "ETH", "BTC"] as const;
const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
const WARM_UP_DAYS = 45;
const SCORED_DAYS = 60;

/** Feeds of an altcoin, ETH and BTC by the devnet's rules, and what an hour of holding them did. */
export interface ThreeFeeds {
  readonly rounds: readonly OracleRound[][];
  /** Log prices on the hour, by asset as the feeds. */
  readonly prices: readonly { time: number; logs: readonly number[] }[];
  /** After the warm-up, with returns of the altcoin, and of ETH and BTC as its hedges. */
  readonly hours: readonly HourlyReturns[];
}

/** Prices as the devnet makes them: from hour to hour along straight lines, looked at by the quarter-hour. */
export function devnetFeeds(seed: number): ThreeFeeds {
  return alongPath(generatePath({ seed, days: SCORED_DAYS, warmUpDays: WARM_UP_DAYS }));
}

/** Hourly exchange prices of a real altcoin, ETH and BTC, seen as the devnet's feeds see its own. */
export function recordedFeeds(file: string, alt: string, from: string): ThreeFeeds {
  return alongPath(readPath(file, { alt, from, days: SCORED_DAYS, warmUpDays: WARM_UP_DAYS }));
}

function alongPath(path: PricePath): ThreeFeeds {
  const logsAt = (time: number) => {
    const prices = path.priceAt(time);
    return ASSETS.map((asset) => Math.log(prices[asset]));
  };
  return observe(path.start, HOUR / 4, logsAt);
}

/** Prices that walk at random by the minute, with the volatilities and correlations of the devnet's calm weeks. */
export function walkingFeeds(seed: number): ThreeFeeds {
  const draw = seededNormals(seed);
  const {
    volatility: [eth, btc, alt],
    correlation: { ethBtc, ethAlt, btcAlt },
  } = REGIMES.calm;
  const own = Math.sqrt(1 - ethBtc ** 2);
  const cross = (btcAlt - ethBtc * ethAlt) / own;
  const deviation = Math.sqrt(MINUTE / YEAR);
  let logs = [0, 0, 0];
  return observe(0, MINUTE, () => {
    const [a, b, c] = [draw(), draw(), draw()];
    const moves = [alt * (ethAlt * a + cross * b + Math.sqrt(1 - ethAlt ** 2 - cross ** 2) * c), eth * a];
    logs = [...moves, btc * (ethBtc * a + own * b)].map((move, i) => logs[i]! + deviation * move);
    return logs;
  });
}

function observe(start: number, step: number, logsAt: (time: number) => readonly number[]): ThreeFeeds {
  const rounds: OracleRound[][] = ASSETS.map(() => []);
  const posted: { time: number; log: number }[] = [];
  const hours: HourlyReturns[] = [];
  const prices: { time: number; logs: readonly number[] }[] = [];
  const scored = start + WARM_UP_DAYS * DAY;
  for (let time = start; time <= scored + SCORED_DAYS * DAY; time += step) {
    const logs = logsAt(time);
    for (const [i, log] of logs.entries()) {
      const { deviation, heartbeat } = DEFAULT_RULES[ASSETS[i]!];
      const last = posted[i];
      if (last && time - last.time < heartbeat && Math.abs(Math.exp(log - last.log) - 1) < deviation) continue;
      posted[i] = { time, log };
      rounds[i]!.push({
        roundId: BigInt(rounds[i]!.length + 1),
        answer: BigInt(Math.round(1e12 * Math.exp(log))),
        updatedAt: time + 1,
      });
    }
    if ((time - start) % HOUR !== 0) continue;
    const [asset, ...hedges] = logs.map((log, i) => Math.exp(log - (prices.at(-1)?.logs[i] ?? log)) - 1);
    if (time > scored) hours.push({ time, asset: asset!, hedges });
    prices.push({ time, logs });
  }
  return { rounds, prices, hours };
}
