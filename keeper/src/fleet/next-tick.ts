import type { KeeperConfig } from "../config.js";
import { heartbeatSeconds } from "../plan/duties.js";
import type { TickResult } from "../tick-result.js";
import type { Intervals } from "./intervals.js";

/** What decides when a vault is ticked again; times are ms. */
export interface TickEnd {
  readonly result: Pick<TickResult, "more" | "state" | "observation">;
  readonly started: number;
  readonly now: number;
  readonly intervalSeconds: number;
  readonly duties: KeeperConfig["duties"];
  readonly intervals: Pick<Intervals, "soonSeconds" | "waitSeconds">;
}

/** When a vault is to be ticked again, ms: soon where something is open, else when the next duty or the interval is due. */
export function nextTickAt({ result, started, now, intervalSeconds, duties, intervals }: TickEnd): number {
  if (result.more) return now + intervals.soonSeconds * 1000;
  const wait = now + intervals.waitSeconds * 1000;
  const interval = started + intervalSeconds * 1000;
  if (result.state === "inFlight" || result.state === "notSent") return Math.min(Math.max(now, interval), wait);
  // A duty that is due already was not to be done just now: not at once again.
  const duty = Math.max(wait, now + secondsToDuty(result.observation, duties) * 1000);
  return Math.max(now, Math.min(interval, duty));
}

/** Seconds from the observed block to the next sign of life or grid time of the covariance oracle. */
function secondsToDuty({ facts, grid }: TickResult["observation"], duties: KeeperConfig["duties"]): number {
  const { lastSign, block } = facts.state;
  const sign = lastSign + heartbeatSeconds(facts, duties);
  const gridTime = grid.cursor + grid.step + 1;
  return Math.min(sign, gridTime) - block.timestamp;
}
