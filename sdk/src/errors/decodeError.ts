import { CrosshedgeError } from "./CrosshedgeError.js";
import type { ErrorCode } from "./codes.js";
import { revertError } from "./describeRevert.js";
import { findRevert } from "./revertData.js";

/** Codes of ethers, EIP-1193 and Node's sockets, by what they mean to a caller. */
const KNOWN: Record<string, [ErrorCode, string]> = {
  ACTION_REJECTED: ["USER_REJECTED", "The request was rejected in the wallet."],
  "4001": ["USER_REJECTED", "The request was rejected in the wallet."],
  INSUFFICIENT_FUNDS: ["INSUFFICIENT_FUNDS", "The account cannot pay for gas."],
  NONCE_EXPIRED: ["NONCE_CONFLICT", "The nonce was used already."],
  REPLACEMENT_UNDERPRICED: ["NONCE_CONFLICT", "A pending transaction has this nonce and pays more."],
  TRANSACTION_REPLACED: ["TRANSACTION_REPLACED", "The transaction was replaced by another one."],
  UNSUPPORTED_OPERATION: ["UNSUPPORTED", "The signer or provider does not support the operation."],
  INVALID_ARGUMENT: ["BAD_ARGUMENT", "An argument was refused."],
  NETWORK_ERROR: ["NETWORK", "The node could not be reached."],
  SERVER_ERROR: ["NETWORK", "The node answered with an error."],
  TIMEOUT: ["NETWORK", "The node did not answer in time."],
  ECONNREFUSED: ["NETWORK", "The node refused the connection."],
  ECONNRESET: ["NETWORK", "The node closed the connection."],
  ENOTFOUND: ["NETWORK", "The node's host was not found."],
  ETIMEDOUT: ["NETWORK", "The node did not answer in time."],
  BAD_DATA: ["READ_FAILED", "The answer was not what the contract returns."],
  CALL_EXCEPTION: ["REVERTED", "The call reverted without a reason."],
};

function knownCode(error: unknown, depth = 0): [ErrorCode, string] | undefined {
  if (typeof error !== "object" || error === null || depth > 4) return undefined;
  const { code, error: inner, info, cause } = error as Record<string, unknown>;
  const key = String(code);
  if (Object.hasOwn(KNOWN, key)) return KNOWN[key];
  return knownCode(inner, depth + 1) ?? knownCode(info, depth + 1) ?? knownCode(cause, depth + 1);
}

/**
 * Any caught value as a {@link CrosshedgeError}; one that is one already is returned as it is.
 *
 * Reverts are decoded from the data that ethers, Hardhat or the node attached, nested causes included.
 *
 * @example
 * const { code, shortMessage, nextStep, revert } = decodeError(caught);
 */
export function decodeError(error: unknown): CrosshedgeError {
  if (CrosshedgeError.is(error)) return error;
  const revert = findRevert(error);
  if (revert !== undefined) return revertError(revert, error);
  const [code, shortMessage] = knownCode(error) ?? ["UNKNOWN", "Something unexpected was caught."];
  return new CrosshedgeError(code, shortMessage, { cause: error });
}
