import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { PinnedBlock } from "../read/block.js";

/** How long a transaction may wait where the caller gives no deadline, seconds. */
const DEFAULT_PATIENCE = 1_200;

/** Unix seconds; 20 minutes after a block. */
export function defaultDeadline({ timestamp }: PinnedBlock): bigint {
  return BigInt(timestamp + DEFAULT_PATIENCE);
}

/** @throws {CrosshedgeError} BAD_ARGUMENT for a deadline that is no bigint, and for one that must be milliseconds */
export function checkDeadline(deadline: bigint | undefined): void {
  if (deadline === undefined) return;
  if (typeof deadline !== "bigint" || deadline < 0n) {
    throw new CrosshedgeError("BAD_ARGUMENT", "`deadline` must be a bigint, in unix seconds.");
  }
  if (deadline > 10n ** 12n && deadline < 10n ** 14n) {
    throw new CrosshedgeError("BAD_ARGUMENT", "`deadline` is in milliseconds; it must be in unix seconds.");
  }
}
