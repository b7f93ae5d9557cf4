import { z } from "zod";

const seconds = z.number().positive().max(31_536_000);

/** What a healthy keeper stays within. */
export const HealthBounds = z.strictObject({
  /** Since the engine's loop last turned, seconds. */
  loopSeconds: seconds.default(120),
  /** Longest time that the event loop may be blocked, seconds. */
  blockedSeconds: seconds.default(30),
  /** Since a tick of a vault last began, seconds. */
  attemptSeconds: seconds.default(7_500),
  /** Since one last ended, seconds. */
  tickSeconds: seconds.default(7_500),
  /** Since the chain's head last moved, seconds. */
  headSeconds: seconds.default(180),
  /** Since the head's own time, seconds: a node that lags, or a clock that is wrong. */
  headTimeSeconds: seconds.default(600),
  /** Since the covariance oracle's last grid time, in its own steps. */
  oracleSteps: z.number().positive().max(1000).default(3),
  /** Since a feed's last round, in its own heartbeats. */
  feedHeartbeats: z.number().positive().max(1000).default(1.25),
  /** Days that the gas must last. */
  runwayDays: z.number().nonnegative().max(3650).default(7),
  /** Since the last committed write, seconds. */
  databaseSeconds: seconds.default(120),
  /** Least part of the loss budget that is left without an alert. */
  lossBudgetLeft: z.number().min(0).max(1).default(0.2),
  /** Part of the longest wait of the queue that passes without an alert. */
  queueWait: z.number().min(0).max(1).default(0.5),
  /** Part of the vault's longest silence that passes without an alert. */
  silence: z.number().min(0).max(1).default(0.5),
  /** How far above the vault's margin floor an alert begins, 1 = at the floor. */
  marginOverFloor: z.number().min(1).max(100).default(1.25),
  /** Seconds that an intent may stay open. */
  openSeconds: seconds.default(1_800),
  /** Seconds in which nothing could be sent for a vault that wanted to. */
  unsentSeconds: seconds.default(1_800),
  /** Refusals one after another. */
  refusals: z.int().positive().max(100_000).default(5),
});
export type HealthBounds = z.infer<typeof HealthBounds>;
