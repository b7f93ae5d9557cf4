import { CrosshedgeError, decodeError } from "@crosshedge/sdk";
import { KeeperError } from "../errors.js";
import { NoAnswerError } from "../lane/no-answer-error.js";
import { NodesDisagreeError } from "../rpc/nodes-disagree-error.js";
import { LaneLostError } from "../store/lane-lost-error.js";
import { StorageError } from "../store/storage-error.js";

/** What the process says when it ends. */
export const EXIT = {
  /** Done, also where there was nothing to do or the chain refused. */
  done: 0,
  /** A wrong option, configuration or key, something unexpected, or a check that failed. */
  wrong: 1,
  /** Start me again: the node, the database or the lane is not to be had now. */
  again: 75,
} as const;

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
    message: unexpected ? `Something unexpected was caught: ${caught.message}` : error.message,
    code: again ? EXIT.again : EXIT.wrong,
  };
}
