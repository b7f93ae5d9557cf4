/** Perp v2's and Uniswap v3's short codes, in words. */
const MEANINGS: Record<string, string> = {
  // Perp v2: ClearingHouse
  CH_NEFCI: "not enough free collateral to open: the initial margin would be broken",
  CH_NEFCM: "not enough free collateral to reduce: below the maintenance margin, add margin first",
  CH_MNO: "the market is not open (paused or closed)",
  CH_MNC: "the market is not closed",
  CH_MP: "the market is paused",
  CH_OMPS: "the market stands too far from the index price",
  CH_PSZ: "there is no position to close",
  CH_TE: "the deadline passed",
  CH_TLRS: "too little received for the short",
  CH_TMRS: "too much requested for the short",
  CH_TLRL: "too little received for the long",
  CH_TMRL: "too much requested for the long",
  CH_F0S: "zero liquidity",
  CH_CLWTISO: "cannot liquidate while orders are open",
  CH_EAV: "the account is worth enough: it cannot be liquidated",
  CH_OVOT: "only the vault or the trader may settle funding",
  CH_SHNAOPT: "the sender may not open positions for this trader",
  // Perp v2: Exchange, AccountBalance, Vault and others
  EX_OPLAS: "the trade would cross more ticks than a block allows",
  EX_OPB: "the trade would push the market too far from the index price",
  EX_MIP: "the market is paused",
  AB_MNE: "too many markets in one account",
  BT_WPNE: "the waiting period of a paused market is not over",
  V_GTSTBC: "the venue's deposit cap is reached",
  V_NEFC: "not enough free collateral to withdraw",
  V_ZA: "zero amount",
  V_IBA: "the token moved a different amount than asked (fee on transfer)",
  V_NL: "the account cannot be liquidated",
  UB_UOA: "the market's liquidity ran out",
  // Uniswap v3
  SPL: "the price limit is on the wrong side of the price",
  AS: "zero amount",
  LOK: "the pool is locked: re-entered, or not initialized",
  OLD: "the pool's price history is too short",
  IIA: "the pool was paid too little",
  M0: "the pool was paid too little of its first token",
  M1: "the pool was paid too little of its second token",
  LO: "too much liquidity at one tick",
  TLU: "the lower tick is not below the upper one",
  TLM: "the lower tick is too low",
  TUM: "the upper tick is too high",
  STF: "a token transfer failed: balance or allowance too small",
  TF: "a token transfer failed",
  "Too little received": "the swap would return less than its minimum",
  "Too much requested": "the swap would cost more than its maximum",
  "Price slippage check": "the pool's price moved too far",
  "Transaction too old": "the deadline passed",
};

/** What a venue's revert code means, or undefined for text that is no known code. */
export function venueMeaning(code: string): string | undefined {
  return Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
}
