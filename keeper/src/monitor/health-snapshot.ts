import type { VaultFacts } from "./facts.js";

/** A vault that this process ticks; those of another replica are not here. Times are unix milliseconds of the monitor's clock unless a name says otherwise; null for what has not happened yet. */
export interface VaultHealth {
  readonly chain: string;
  readonly vault: string;
  /** Since when this process watches it. */
  readonly since: number;
  readonly attemptAt: number | null;
  readonly endedAt: number | null;
  readonly facts: VaultFacts | null;
  /** When those were seen. */
  readonly seenAt: number | null;
  /** Why the operator has paused it. */
  readonly paused: string | null;
  /** When the oldest intent was made that may still land. */
  readonly openSince: number | null;
  /** Since when nothing could be sent that it wanted to send, and the latest reason's word. */
  readonly unsent: { readonly since: number; readonly code: string } | null;
  /** Refusals since a tick last did something. */
  readonly refusalsInARow: number;
  /** USD of 30 days; null before they were counted. */
  readonly costs: { readonly gas: number; readonly trading: number; readonly fee: number | null } | null;
}

/** Whether this process may sign for an account; `free` while nobody may. */
export type LaneState = "held" | "standby" | "free";

export interface AccountHealth {
  readonly chain: string;
  readonly account: string;
  readonly since: number;
  readonly lane: LaneState | null;
  readonly runwayDays: number | null;
}

export interface ChainHealth {
  readonly chain: string;
  readonly since: number;
  readonly number: number | null;
  /** Unix seconds. */
  readonly timestamp: number | null;
  /** When the number last grew. */
  readonly advancedAt: number | null;
}

/** Everything that verdicts and alerts are made from. */
export interface HealthSnapshot {
  readonly now: number;
  readonly startedAt: number;
  /** When the engine last gave a sign of life: a tick begun, or a lane asked for. */
  readonly loopAt: number | null;
  /** Longest time that the event loop was blocked of late, milliseconds. */
  readonly blockedMs: number;
  readonly databaseAt: number | null;
  readonly vaults: readonly VaultHealth[];
  readonly accounts: readonly AccountHealth[];
  readonly chains: readonly ChainHealth[];
}
