import { CrosshedgeError, decodeError } from "@crosshedge/sdk";
import { KeeperError, WrongSettingError } from "./errors.js";
import type { LaneResult } from "./lane/lane.js";
import { NoAnswerError } from "./lane/no-answer-error.js";
import type { LaneReasonCode } from "./lane/reasons.js";
import { NodesDisagreeError } from "./rpc/nodes-disagree-error.js";
import { LaneLostError } from "./store/lane-lost-error.js";
import { StorageError } from "./store/storage-error.js";

/** What the process says when it ends. */
export const EXIT = {
  /** Done, also where there was nothing to do or the chain refused. */
  done: 0,
  /** Something unexpected, a check that failed, no gas. */
  wrong: 1,
  /** Start me again: the node, the database or the lane is not to be had now, gas is too dear. */
  again: 75,
  /** A wrong option, configuration or key, or a name that means another vault than before: correct it first. EX_CONFIG of sysexits. */
  setting: 78,
} as const;

/** Why a transaction was not sent that is wanted still: others, the market or the way to the chain, which may change by itself. */
const PASSING: readonly LaneReasonCode[] = [
  "laneBusy",
  "laneHeld",
  "laneLost",
  "foreignPending",
  "foreignUsed",
  "nodeBehind",
  "feeAboveCap",
  "unreachable",
];
const LASTING: readonly LaneReasonCode[] = ["outOfGas", "legacyChain", "refused"];

/** Of a tick, by what became of its transaction. */
export function exitCodeOf(sent: Pick<LaneResult, "reason"> | null): number {
  const code = sent?.reason?.code;
  if (code === undefined) return EXIT.done;
  if (PASSING.includes(code)) return EXIT.again;
  return LASTING.includes(code) ? EXIT.wrong : EXIT.done;
}

/** What is said of an error that ended a command, and the process's exit code. */
export function endingOf(caught: unknown): { readonly message: string; readonly code: number } {
  const error = caught instanceof KeeperError ? caught : decodeError(caught);
  const again =
    CrosshedgeError.is(error, "NETWORK") ||
    error instanceof StorageError ||
    error instanceof LaneLostError ||
    error instanceof NoAnswerError ||
    NodesDisagreeError.is(error);
  const unexpected = CrosshedgeError.is(error, "UNKNOWN") && caught instanceof Error;
  return {
    message: unexpected ? error.shortMessage : error.message,
    code: again ? EXIT.again : error instanceof WrongSettingError ? EXIT.setting : EXIT.wrong,
  };
}
