import type { ErrorCode } from "../codes.js";

/**
 * By the error's signature: what it means, what to do, and a code where the SDK's own checks have one for the same thing.
 *
 * `uint` and `int` are those of 256 bits; arguments have names where a message needs them.
 */
export type AdviceTable = Readonly<Record<string, readonly [meaning: string, nextStep: string, code?: ErrorCode]>>;
