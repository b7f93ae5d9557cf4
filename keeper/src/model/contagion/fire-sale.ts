import { KeeperError } from "../../errors.js";
import { createRandom } from "../random.js";

/** Accounts with debt on one market. */
export interface Accounts {
  /** Log fall of the price at which each is liquidated. */
  readonly liquidatedAt: readonly number[];
  /** What each then sells, as a part of what all of them hold: they add up to one. */
  readonly size: readonly number[];
}

/** What accounts are drawn from. */
export interface AccountOptions {
  readonly count: number;
  /** Median of the position over its own capital, above 1. */
  readonly leverage: number;
  /** Standard deviation of the logarithm of the leverage. */
  readonly spread: number;
  /** Capital over position at which an account is liquidated. */
  readonly maintenance: number;
  readonly seed: number;
}

/** Where a fall ends. */
export interface FireSale {
  /** Log fall in the end. */
  readonly fall: number;
  /** Rounds of liquidations. */
  readonly rounds: number;
  /** Part of the accounts' holdings that was sold. */
  readonly liquidated: number;
}

/** The part sold from which on a fall has run away. */
const RUN_AWAY = 0.5;
/** Log falls and depths are located to this, relative for depths. */
const LOCATED = 1e-9;
const MOST_HALVINGS = 200;

/** Accounts of equal size with a lognormal leverage; those without debt are never liquidated. */
export function drawAccounts({ count, leverage, spread, maintenance, seed }: AccountOptions): Accounts {
  if (!(count >= 1 && leverage > 1 && spread >= 0 && maintenance >= 0 && maintenance < 1)) {
    throw new KeeperError(
      `No accounts can be drawn with count ${count}, leverage ${leverage}, spread ${spread} and maintenance ${maintenance}.`,
      "Give a count of 1 or more, a leverage above 1, a spread of 0 or more and a maintenance from 0 to below 1.",
    );
  }
  const random = createRandom(seed);
  const liquidatedAt = Array.from({ length: count }, () => {
    const capital = 1 / (leverage * Math.exp(spread * random.normal()));
    return capital >= 1
      ? Number.POSITIVE_INFINITY
      : -Math.log(1 - Math.max(0, capital - maintenance) / (1 - maintenance));
  });
  return { liquidatedAt, size: liquidatedAt.map(() => 1 / count) };
}

/**
 * The fall in which every account that it reaches is sold into the market, which makes it fall further: d ← d + Σ size / depth over those newly
 * reached, until nobody is.
 *
 * @param shock Log fall that it begins with
 * @param depth What has to be sold, as a multiple of all that the accounts hold, for a log fall of one
 */
export function fireSale({ liquidatedAt, size }: Accounts, shock: number, depth: number): FireSale {
  if (!(shock >= 0 && depth > 0)) {
    throw new KeeperError(
      `No fire sale begins with a shock of ${shock} at depth ${depth}.`,
      "Give a shock of 0 or more and a depth above 0.",
    );
  }
  const order = liquidatedAt.map((_, i) => i).sort((a, b) => liquidatedAt[a]! - liquidatedAt[b]!);
  let [fall, liquidated, rounds, next] = [shock, 0, 0, 0];
  while (next < order.length && liquidatedAt[order[next]!]! <= fall) {
    const reached = fall;
    for (; next < order.length && liquidatedAt[order[next]!]! <= reached; next += 1) liquidated += size[order[next]!]!;
    fall = shock + liquidated / depth;
    rounds += 1;
  }
  return { fall, rounds, liquidated };
}

/** Where a small change decides whether half of what the accounts hold is sold. */
export interface CriticalPoint {
  readonly at: number;
  /** Log fall in the end, just on the side where it holds and just on the side where it runs away. */
  readonly holds: number;
  readonly runsAway: number;
}

/** The smallest shock, a log fall, that runs away at a depth, by bisection: the end of a fall grows with its shock. */
export function criticalShock(accounts: Accounts, depth: number): CriticalPoint {
  const enough = Math.max(...accounts.liquidatedAt.filter(Number.isFinite), 0);
  if (!runsAway(accounts, enough, depth)) throw tooSafe();
  let [holds, breaks] = [0, enough];
  for (let i = 0; i < MOST_HALVINGS && breaks - holds > LOCATED; i += 1) {
    const middle = (holds + breaks) / 2;
    if (runsAway(accounts, middle, depth)) breaks = middle;
    else holds = middle;
  }
  return {
    at: breaks,
    holds: fireSale(accounts, holds, depth).fall,
    runsAway: fireSale(accounts, breaks, depth).fall,
  };
}

/**
 * The depth below which a shock runs away, by bisection: the end of a fall only grows as the market gets thinner. Null where even no depth makes
 * the shock run away, infinite where every depth does.
 */
export function criticalDepth(accounts: Accounts, shock: number): CriticalPoint | null {
  const bare = { at: Number.POSITIVE_INFINITY, holds: shock, runsAway: shock };
  if (runsAway(accounts, shock, Number.MAX_VALUE)) return bare;
  let [holds, breaks] = [1, 1];
  for (let i = 0; i < MOST_HALVINGS && runsAway(accounts, shock, holds); i += 1) holds *= 2;
  for (let i = 0; i < MOST_HALVINGS && !runsAway(accounts, shock, breaks); i += 1) breaks /= 2;
  if (!runsAway(accounts, shock, breaks)) return null;
  while (holds / breaks - 1 > LOCATED) {
    const middle = Math.sqrt(holds * breaks);
    if (runsAway(accounts, shock, middle)) breaks = middle;
    else holds = middle;
  }
  return { at: holds, holds: fireSale(accounts, shock, holds).fall, runsAway: fireSale(accounts, shock, breaks).fall };
}

function runsAway(accounts: Accounts, shock: number, depth: number): boolean {
  return fireSale(accounts, shock, depth).liquidated >= RUN_AWAY;
}

function tooSafe(): KeeperError {
  return new KeeperError(
    "Most of the accounts have no debt, so that no shock liquidates half of them.",
    "Draw accounts with more leverage.",
  );
}
