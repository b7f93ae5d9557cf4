import { MaxUint256 } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { PinnedBlock } from "../read/block.js";

/** How long a transaction may wait where the caller gives no deadline, seconds. */
const DEFAULT_PATIENCE = 1_200;

/** Unix seconds; 20 minutes after a block. */
export function defaultDeadline({ timestamp }: PinnedBlock): number {
  return timestamp + DEFAULT_PATIENCE;
}

/** As contracts take it; without one they never refuse. */
export function asArgument(deadline: number | undefined): bigint {
  return deadline === undefined ? MaxUint256 : BigInt(deadline);
}

/** @throws {CrosshedgeError} BAD_ARGUMENT for a deadline that is no whole number, a bigint say, and for one that must be milliseconds */
export function checkDeadline(deadline: number | undefined): void {
  if (deadline === undefined) return;
  if (typeof deadline !== "number") {
    const message = `\`deadline\` must be a number, in unix seconds; it is of type ${typeof deadline}.`;
    throw new CrosshedgeError("BAD_ARGUMENT", message);
  }
  if (!Number.isSafeInteger(deadline) || deadline < 0) {
    throw new CrosshedgeError("BAD_ARGUMENT", "`deadline` must be a whole number, in unix seconds.");
  }
  if (deadline > 1e12) {
    throw new CrosshedgeError("BAD_ARGUMENT", "`deadline` is in milliseconds; it must be in unix seconds.");
  }
}
