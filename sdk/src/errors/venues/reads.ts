import { type MessagePattern, OPERATORS, type VenueCodes } from "./types.js";

/** What the views of venues say in short. */
export const READ_CODES: VenueCodes = {
  "Wait until the pool has recorded more prices.": {
    OLD: "the pool's price history is too short",
    I: "the pool has no price yet",
  },
  "Correct the market: the vault's state tells which there are.": {
    EX_BTNE: "there is no such market",
    MR_PNE: "there is no such market",
  },
};

/** Codes of the feeds of index prices. */
const PERP_V2_FEED_CODE = /^([BC]PF|CT)_/;

/** Any other code of Perp v2: checks of its own setup, of liquidators and of calls between its contracts. */
const PERP_V2_CODE = /^(AB|BP?[FT]|CHC?D?|CM|C?PF|CT|DA|EX?|IF|MR|OB|PFD|[PU]PF|PFU|SO|UB|UCB|V|VT)_[A-Z0-9]+$/;

/** Any other code of Aave v3: administration, liquidation and flash loans. */
const AAVE_V3_CODE = /^([1-9]|[1-8]\d|9[01])$/;

/** What views say in sentences, and codes of no further interest; the first that fits. */
export const READ_PATTERNS: readonly MessagePattern[] = [
  [PERP_V2_FEED_CODE, "the index price of Perp v2 is not usable", "Wait until the venue's feed reports again."],
  [PERP_V2_CODE, "a check of Perp v2's own failed", OPERATORS],
  [AAVE_V3_CODE, "a check of Aave's own failed", OPERATORS],
  [/paused/i, "the token or the venue is paused", "Wait until it goes on; leave the leg out with `forfeit` meanwhile."],
  [/reentran/i, "the contract is in the middle of an operation", "Call outside of other operations."],
  [
    /overflow|underflow|fit in|must be positive|inversion|division by zero|outOfBounds|hex length/i,
    "a number does not fit where it goes",
    "Use a smaller or a larger amount.",
  ],
  [/^Multicall3: /, "a call among several failed", "Make that call alone to see why."],
  [/No data present|No access/, "the price feed does not answer", "Wait until the feeds report again."],
  [
    /^Address: (?!insuff)|low-level call|non-contract/,
    "a call inside failed without a reason",
    "Simulate it on a node that returns revert data.",
  ],
];
