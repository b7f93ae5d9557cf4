import type { Attempt, Intent } from "../store/journal.js";
import type { LaneResult } from "./lane.js";
import type { LaneReason } from "./reasons.js";

/** How an intent stands on the chain. */
export interface Standing {
  readonly intent: Intent;
  readonly attempts: readonly Attempt[];
  /**
   * - waiting: none of its transactions is in a block, and its nonce is free
   * - landed, reverted: one is in a block
   * - void: its nonce is used by something else, perhaps not for good yet; or nothing was signed
   */
  readonly state: "waiting" | "landed" | "reverted" | "void";
  /** The one in a block. */
  readonly mined: Attempt | null;
  readonly reason: LaneReason | null;
}

/** A result, before it is known whether it is news. */
export type Found = Omit<LaneResult, "changed">;

export function foundOf({ intent, state, mined, reason }: Standing): Found {
  return { state: state === "waiting" ? "inFlight" : state, intent, attempt: mined, reason };
}
