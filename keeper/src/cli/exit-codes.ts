import { CrosshedgeError } from "@crosshedge/sdk";
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

/** The exit code of an error that ended a command. */
export function exitCodeOf(error: unknown): number {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if (CrosshedgeError.is(at, "NETWORK") || at instanceof StorageError || at instanceof LaneLostError) {
      return EXIT.again;
    }
  }
  return EXIT.wrong;
}
