import { NOT_DIRECTLY, type VenueCodes } from "./types.js";

/** Uniswap v3: pools, and the periphery's messages. */
export const UNISWAP_V3_CODES: VenueCodes = {
  "Read the state again and make a new plan.": {
    AS: "zero amount",
    SPL: "the price limit is on the wrong side of the price",
    NP: "the position is empty",
    LA: "the liquidity is more than there can be",
    LS: "the position holds less liquidity than that",
    LO: "too much liquidity at one tick",
    TLU: "the lower tick is not below the upper one",
    TLM: "the lower tick is too low",
    TUM: "the upper tick is too high",
    T: "the tick is out of its bounds",
    R: "the price is out of its bounds",
  },
  "Trade less, or wait until the price is back.": {
    "Too little received": "the swap would return less than its minimum",
    "Too much requested": "the swap would cost more than its maximum",
    "Price slippage check": "the pool's price moved too far",
    "Transaction too old": "the deadline passed",
  },
  "Check balances, allowances and the tokens' own rules.": {
    TF: "a token transfer failed",
    STF: "a token transfer failed: balance or allowance too small",
    M0: "the pool was paid too little of its first token",
    M1: "the pool was paid too little of its second token",
    IIA: "the pool was paid too little",
  },
  [NOT_DIRECTLY]: {
    LOK: "the pool is locked: re-entered, or not initialized",
  },
};
