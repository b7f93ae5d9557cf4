import type { TickResult } from "../tick-result.js";
import type { Intervals } from "./intervals.js";

/** What decides when a vault is ticked again; times are ms. */
export interface TickEnd {
  readonly result: Pick<TickResult, "more" | "state" | "nextDue" | "block">;
  readonly started: number;
  readonly now: number;
  readonly intervalSeconds: number;
  readonly intervals: Pick<Intervals, "soonSeconds" | "waitSeconds">;
}

/** When a vault is to be ticked again, ms: soon where something is open, else when the next duty or the interval is due. */
export function nextTickAt({ result, started, now, intervalSeconds, intervals }: TickEnd): number {
  if (result.more) return now + intervals.soonSeconds * 1000;
  const wait = now + intervals.waitSeconds * 1000;
  const interval = Math.max(now, started + intervalSeconds * 1000);
  if (result.state === "inFlight" || result.state === "notSent") return Math.min(interval, wait);
  // By the chain's clock. What is due already was not to be done just now: not at once again.
  const duty = now + (result.nextDue - result.block.timestamp) * 1000;
  return Math.min(interval, Math.max(wait, duty));
}
