import type { ErrorCode } from "../codes.js";
import { AAVE_V3_CODE } from "./aaveV3.js";
import { PERP_V2_CODE, PERP_V2_FEED_CODE } from "./perpV2.js";
import { NOT_DIRECTLY, OPERATORS } from "./types.js";

/** What contracts say in sentences, tokens most of all, and codes of no further interest: what it is like, what it means, what to do; the first that fits. */
export const MESSAGE_PATTERNS: readonly (readonly [
  like: RegExp,
  meaning: string,
  nextStep: string,
  code?: ErrorCode,
])[] = [
  [PERP_V2_FEED_CODE, "the index price of Perp v2 is not usable", "Wait until the venue's feed reports again."],
  [PERP_V2_CODE, "a check of Perp v2's own failed", OPERATORS],
  [AAVE_V3_CODE, "a check of Aave's own failed", OPERATORS],
  [
    /allowance|not approved/i,
    "the spender may not move that much",
    "Approve the exact amount first.",
    "INSUFFICIENT_ALLOWANCE",
  ],
  [
    /exceeds balance|insufficient[- ]balance|Insufficient (token|WETH9)/i,
    "the sender holds less than the amount",
    "Lower the amount, or fund the account first.",
    "INSUFFICIENT_BALANCE",
  ],
  [/permit|signature|expired|nonce/i, "the signature is too old, or of somebody else", "Sign a new permit."],
  [
    /blacklist|blocked|frozen|sanction/i,
    "the token refuses one of the accounts",
    "Use another account or token; leave in kind with `forfeit`.",
  ],
  [/paused/i, "the token or the venue is paused", "Wait until it goes on; leave the leg out with `forfeit` meanwhile."],
  [/zero address/i, "an address is zero", "Give an address that is not zero."],
  [/owner|caller|role|unauthorized|renounce|initialized|admin|only self/i, "the caller may not do this", NOT_DIRECTLY],
  [/reentran/i, "the contract is in the middle of an operation", "Call outside of other operations."],
  [
    /operation did not succeed|transfer failed|failed transfer|transferFrom|below zero|callback/i,
    "the token refused the transfer",
    "Check balance, allowance and the token's own rules.",
  ],
  [
    /overflow|underflow|fit in|must be positive|inversion|division by zero|outOfBounds|hex length/i,
    "a number does not fit where it goes",
    "Use a smaller or a larger amount.",
  ],
  [/^Multicall3: /, "a call among several failed", "Make that call alone to see why."],
  [/No data present|No access/, "the price feed does not answer", "Wait until the feeds report again."],
  [
    /^Address: |low-level call|non-contract/,
    "a call inside failed without a reason",
    "Simulate it on a node that returns revert data.",
  ],
];
