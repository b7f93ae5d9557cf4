import { RedactedCause } from "./cause.js";
import { ERROR_CODES, type ErrorCode } from "./codes.js";
import { redact } from "./redact.js";
import type { Revert } from "./revert.js";

/** Shared by all copies of the package in one process, so that {@link CrosshedgeError.is} does not depend on the class. */
const BRAND = Symbol.for("@crosshedge/sdk/CrosshedgeError");

/** What may accompany an error. */
export interface ErrorDetails {
  /** What was caught. It is kept without URLs and request bodies. */
  cause?: unknown;
  /** Replaces the code's own next step. */
  nextStep?: string;
  /** The decoded revert, where a contract refused. */
  revert?: Revert;
  /** The transaction that was sent. */
  hash?: string;
}

/**
 * The only error that the SDK throws: a stable code, what happened, and what to do next.
 *
 * @example
 * try {
 *   await send(await prepareDepositBasket(vault, { account, amounts }), signer);
 * } catch (error) {
 *   if (CrosshedgeError.is(error, "INSUFFICIENT_BALANCE")) console.log(error.shortMessage, error.nextStep);
 *   else throw error;
 * }
 */
export class CrosshedgeError extends Error {
  override readonly name = "CrosshedgeError";
  readonly code: ErrorCode;
  readonly shortMessage: string;
  readonly nextStep: string;
  readonly revert?: Revert;
  /** The transaction that was sent, where there is one: it may be mined, and {@link resume} waits for it. */
  readonly hash?: string;

  constructor(code: ErrorCode, shortMessage: string, details: ErrorDetails = {}) {
    const short = redact(shortMessage);
    const nextStep = redact(details.nextStep ?? ERROR_CODES[code]);
    super(`${short} (${code}) ${nextStep}`, {
      ...(details.cause === undefined
        ? {}
        : { cause: CrosshedgeError.is(details.cause) ? details.cause : new RedactedCause(details.cause) }),
    });
    this.code = code;
    this.shortMessage = short;
    this.nextStep = nextStep;
    if (details.revert !== undefined) this.revert = details.revert;
    if (details.hash !== undefined) this.hash = details.hash;
  }

  /** @internal */
  get [BRAND](): true {
    return true;
  }

  /** True for an error of this class, made by any copy of the package; with a code, only for that code. */
  static is(value: unknown, code?: ErrorCode): value is CrosshedgeError {
    if (typeof value !== "object" || value === null || !(BRAND in value)) return false;
    return code === undefined || (value as { code?: unknown }).code === code;
  }
}
