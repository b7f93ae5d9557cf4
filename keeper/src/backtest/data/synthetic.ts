import { createRandom } from "../../model/random.js";
import { DAY, HOUR, HOURS_A_YEAR } from "../time.js";
import { type Grid, rowAt, sharedSeries, type Table } from "./table.js";

/** Prices, perps and funding that the project makes itself. */
export interface SyntheticMarket {
  readonly prices: Table;
  readonly perps: Table;
  readonly funding: Table;
}

export interface SyntheticOptions {
  readonly seed: number;
  readonly days: number;
  /** How many tokens beside ETH and BTC. */
  readonly alts: number;
  /** Unix seconds, a full day. */
  readonly start?: number;
}

const START = Date.UTC(2022, 0, 1) / 1000;
const TAIL_DEGREES = 5;
const NAMES = ["ALFA", "BRAVO", "CHARLIE", "DELTA", "ECHO", "FOXTROT", "GOLF", "HOTEL"] as const;

/**
 * A market with fat tails, clustered volatility, betas that wander, hours without data, and tokens whose correlation breaks for a month.
 * All of it from the seed.
 */
export function syntheticMarket({ seed, days, alts, start = START }: SyntheticOptions): SyntheticMarket {
  const random = createRandom(seed);
  const grid: Grid = { start, length: days * 24 + 1 };
  const tokens = Array.from({ length: alts }, (_, i) => createToken(i));
  const names = ["BTC", "ETH", ...tokens.map(({ name }) => name)];
  const prices = new Map(names.map((name) => [name, sharedSeries(grid.length)]));
  const perps = new Map(["BTC", "ETH"].map((name) => [name, sharedSeries(grid.length)]));
  const funding = new Map(["BTC", "ETH"].map((name) => [name, sharedSeries(grid.length)]));
  const last = new Map<string, number>([
    ["BTC", 40_000],
    ["ETH", 2500],
    ...tokens.map(({ name }) => [name, 10] as const),
  ]);
  const hourly = 1 / Math.sqrt(HOURS_A_YEAR);
  const shock = (): number =>
    random.normal() * Math.sqrt((TAIL_DEGREES - 2) / TAIL_DEGREES / random.chiSquared(TAIL_DEGREES));
  let level = 0;
  let basis = 0;
  for (let row = 0; row < grid.length; row++) {
    const time = start + row * HOUR;
    level = 0.995 * level + 0.05 * random.normal();
    const wild = Math.exp(level);
    const btc = 0.55 * wild * hourly * shock();
    const eth = 1.1 * btc + 0.4 * wild * hourly * shock();
    basis = 0.9 * basis + 0.0003 * random.normal();
    const moves = new Map([
      ["BTC", btc],
      ["ETH", eth],
    ]);
    for (const token of tokens) {
      token.beta = Math.max(0.2, token.beta + 0.02 * Math.sqrt(HOUR / DAY) * random.normal());
      const broken = time >= token.breaks && time < token.breaks + 30 * DAY;
      moves.set(token.name, (broken ? 0 : token.beta * eth) + token.own * wild * hourly * shock());
    }
    // An outage of the whole exchange; a token's own gaps are drawn apart.
    const dark = row % 4000 >= 3990;
    for (const [name, move] of moves) {
      const price = last.get(name)! * (row === 0 ? 1 : Math.exp(move));
      last.set(name, price);
      if (!dark && random.uniform() > 0.0005) prices.get(name)![row] = price;
      if (perps.has(name) && !dark) perps.get(name)![row] = price * (1 + basis);
      if (funding.has(name) && time % (8 * HOUR) === 0) funding.get(name)![row] = 0.0001 + basis / 10;
    }
  }
  // Tokens that were listed later.
  tokens.slice(Math.ceil(alts * 0.75)).forEach(({ name }, i) => {
    prices.get(name)!.fill(Number.NaN, 0, rowAt(grid, start + (60 + 30 * i) * DAY));
  });
  return { prices: { grid, columns: prices }, perps: { grid, columns: perps }, funding: { grid, columns: funding } };

  function createToken(i: number): { name: string; beta: number; own: number; breaks: number } {
    const round = Math.floor(i / NAMES.length);
    return {
      name: `${NAMES[i % NAMES.length]}${round === 0 ? "" : round + 1}`,
      beta: 0.7 + 0.8 * random.uniform(),
      own: 0.5 + 0.4 * random.uniform(),
      breaks: start + Math.floor((0.3 + 0.6 * random.uniform()) * days) * DAY,
    };
  }
}
