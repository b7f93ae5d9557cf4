import type { Asset } from "./assets.js";
import { HOUR } from "./time.js";

/** When a feed reports: as soon as its price is this far from its last answer, or its last round is this old. */
export interface FeedRule {
  /** A fraction. */
  readonly deviation: number;
  /** Seconds. */
  readonly heartbeat: number;
}

export const DEFAULT_RULES: Record<Asset, FeedRule> = {
  ETH: { deviation: 0.005, heartbeat: HOUR },
  BTC: { deviation: 0.005, heartbeat: HOUR },
  ALT: { deviation: 0.01, heartbeat: 24 * HOUR },
  USDC: { deviation: 0.0025, heartbeat: 24 * HOUR },
};

export interface LastRound {
  readonly answer: bigint;
  readonly updatedAt: number;
}

/** Does a feed report this answer at this time? */
export function isDue(rule: FeedRule, last: LastRound, answer: bigint, time: number): boolean {
  if (time - last.updatedAt >= rule.heartbeat) return true;
  const moved = answer > last.answer ? answer - last.answer : last.answer - answer;
  return Number(moved) >= rule.deviation * Number(last.answer);
}
