import type { Attempt, Intent, NewIntent } from "../store/journal.js";
import type { IntentStatus } from "../store/schema.js";
import type { Market } from "./fees.js";
import type { LaneReason } from "./reasons.js";

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
  readonly reason: LaneReason | null;
  /** True where the intent's status is another one than this lane last told, so at least once a process for one that is not open. */
  readonly changed: boolean;
}

/** What shall be sent. */
export interface LaneIntent extends Omit<NewIntent, "signer" | "chain_id" | "gas_limit"> {
  /** Estimated, with a quarter more, where it is left out. */
  readonly gas_limit?: bigint;
}

/** What a new transaction depends on, at the latest block. */
export interface Outlook {
  readonly head: { readonly number: number; readonly timestamp: number };
  /** Null on a chain without EIP-1559. */
  readonly market: Market | null;
  /** Transactions of the account in blocks, and with those that wait. */
  readonly used: number;
  readonly pending: number;
  /** Of the account, wei. */
  readonly balance: bigint;
}

/** What a transaction was made from. */
export interface Seen {
  readonly outlook: Outlook;
  /** The block that it was simulated at. */
  readonly block: number;
}

/** Hears what happens in a lane; for metrics. */
export interface LaneListener {
  lane(change: { readonly state: "held" | "standby" | "free"; readonly term: number | null }): void;
  gas(gas: { readonly balanceWei: bigint }): void;
  attempt(kind: "new" | "replacement" | "cancel" | "resend"): void;
  /** @param depth Blocks that were left, at least */
  reorg(depth: number): void;
  foreign(): void;
  /** What a mined transaction cost; told only where the coin's price is known. */
  spent(usd: number): void;
  transition(from: IntentStatus, to: IntentStatus): void;
}

/** Everything that one account sends on one chain, one transaction in flight. */
export interface Lane {
  readonly chainId: number;
  /** Lower-case address. */
  readonly signer: string;
  /**
   * Bring what is unsettled up to date: look every hash up, send again what was lost or left by a reorg, bump, cancel, finalise. Never waits for
   * a block. To be called at the start of every tick, and at the start of a process.
   *
   * @returns One result for each intent that was unsettled, of all vaults; none while another keeper has the lane or this one watches
   */
  follow(): Promise<readonly LaneResult[]>;
  /**
   * Look up what accounts that signed before have left unsettled, at most once a minute, and write down how it ended; sends nothing, since
   * their keys are not here.
   *
   * @returns One result for each such intent; none of an account that a keeper still signs for
   */
  followOthers(): Promise<readonly LaneResult[]>;
  /** What `send` needs of the chain, in one batch of requests: to be read beside a simulation and handed to `send`. */
  outlook(): Promise<Outlook>;
  /**
   * Write down, sign, write down, send, and watch until it is mined, its deadline is over, or the signal. Where another transaction of the
   * account was mined since the simulation, the chain is asked first whether it would still take this one.
   */
  send(intent: LaneIntent, signal?: AbortSignal, seen?: Seen): Promise<LaneResult>;
  /** Give the lane to others. */
  release(): Promise<void>;
}
