import type { ErrorCode } from "../codes.js";

/** What a venue's short codes mean, by what to do about them. */
export type VenueCodes = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What is said in sentences: what it is like, what it means, what to do. */
export type MessagePattern = readonly [like: RegExp, meaning: string, nextStep: string, code?: ErrorCode];

/** What an operator of the venue alone can mend. */
export const OPERATORS = "Only the venue's operators can mend that; leave the leg out with `forfeit` meanwhile.";
/** What only works through the vault. */
export const NOT_DIRECTLY = "Nobody calls this directly: use the vault's own functions.";
