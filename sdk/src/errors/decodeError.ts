import "./allErrors.js";
import type { CrosshedgeError } from "./CrosshedgeError.js";
import { type Revert, revertOf } from "./revert.js";
import { toCrosshedgeError } from "./toCrosshedgeError.js";

/**
 * Any caught value as a {@link CrosshedgeError}; one that is one already is returned as it is.
 *
 * Reverts are decoded from the data that ethers, viem, wallets, Hardhat or the node attached, nested causes included.
 *
 * @example
 * const { code, shortMessage, nextStep, revert } = decodeError(caught);
 */
export function decodeError(error: unknown): CrosshedgeError {
  return toCrosshedgeError(error);
}

/**
 * Revert data decoded: custom errors of all contracts that a call can reach, `Error(string)` and `Panic`, nested ones too.
 *
 * @param data Revert data, hex
 */
export function decodeRevert(data: string): Revert {
  return revertOf(data);
}
