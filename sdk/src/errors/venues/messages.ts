import { type MessagePattern, NOT_DIRECTLY } from "./types.js";

/** What contracts refuse in sentences, tokens most of all; the first that fits. */
export const REFUSALS: readonly MessagePattern[] = [
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
  [/zero address/i, "an address is zero", "Give an address that is not zero."],
  [/owner|caller|role|unauthorized|renounce|initialized|admin|only self/i, "the caller may not do this", NOT_DIRECTLY],
  [
    /operation did not succeed|transfer failed|failed transfer|transferFrom|below zero|callback/i,
    "the token refused the transfer",
    "Check balance, allowance and the token's own rules.",
  ],
];
