import type { Attempt, Intent, NewIntent } from "../store/journal.js";

/** Points of a tick at which a process may die. What is written before each is committed. */
export const STEPS = [
  "observed",
  "decided",
  "tickWritten",
  "simulated",
  "laneTaken",
  "intentWritten",
  "signed",
  "attemptWritten",
  "sent",
  "sentWritten",
  "replacementWritten",
  "mined",
  "minedWritten",
  "reconciled",
  "tickEnded",
  "finalWritten",
] as const;
export type Step = (typeof STEPS)[number];

/** Called at each point; tests die or wait there. */
export type StepHook = (step: Step) => void | Promise<void>;

/** What became of an intent so far. */
export interface LaneResult {
  /**
   * - landed, reverted: mined; `attempt` says where
   * - inFlight: still open when the time to watch was over; the next tick goes on
   * - notSent: nothing was signed, for `reason`: the fee cap, no gas, a foreign transaction, another keeper's lane
   * - void: cancelled, or its nonce was used by something else
   */
  readonly state: "landed" | "reverted" | "inFlight" | "notSent" | "void";
  readonly intent: Intent | null;
  /** The transaction that was mined. */
  readonly attempt: Attempt | null;
  /** A word for metrics and a sentence for people. */
  readonly reason: { readonly code: string; readonly message: string } | null;
}

/** Everything that one account sends on one chain, one transaction in flight. */
export interface Lane {
  readonly chainId: number;
  readonly signer: string;
  /**
   * Bring what is unsettled up to date: look every hash up, send again what was lost or left by a reorg, bump, cancel, finalise. Never waits for
   * a block. To be called at the start of every tick, and at the start of a process.
   */
  follow(): Promise<readonly LaneResult[]>;
  /** Write down, sign, write down, send, and watch until it is mined, its deadline is over, or the signal. */
  send(intent: Omit<NewIntent, "signer" | "chain_id">, signal?: AbortSignal): Promise<LaneResult>;
  /** Give the lane to others. */
  release(): Promise<void>;
}
