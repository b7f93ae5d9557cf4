import { NOT_DIRECTLY, type VenueCodes } from "./types.js";

/** Perp v2: ClearingHouse, Exchange, Vault, the contracts behind them and its price feeds. */
export const PERP_V2_CODES: VenueCodes = {
  "Add margin first, or trade less.": {
    CH_NEFCI: "not enough free collateral to open",
    CH_NEFCM: "not enough free collateral to reduce",
    V_NEFC: "not enough free collateral to withdraw",
  },
  "Trade less, or wait until the market is back at its index.": {
    CH_OMPS: "the market stands too far from the index price",
    EX_OPLAS: "the trade would cross more ticks than a block allows",
    EX_OPB: "the trade would push the market too far from the index price",
    UB_UOA: "the market's liquidity ran out",
    CH_TLRS: "too little received for the short",
    CH_TMRS: "too much requested for the short",
    CH_TLRL: "too little received for the long",
    CH_TMRL: "too much requested for the long",
    CH_PSCF: "the market's price moved too far",
  },
  "Wait until the market is open, or settled if it was closed; leave the leg out with `forfeit` meanwhile.": {
    CH_MNO: "the market is not open (paused or closed)",
    CH_MNC: "the market is not closed",
    CH_MP: "the market is paused",
    EX_MIP: "the market is paused",
    BT_NO: "the market is not open",
    BT_NC: "the market is not closed",
    BT_WPNE: "the waiting period of a paused market is not over",
  },
  "Put less at this venue, or wait until its cap is raised.": {
    V_GTSTBC: "the venue's deposit cap is reached",
    V_GTDC: "the venue's cap for this collateral is reached",
    V_CTNE: "too many kinds of collateral in one account",
    AB_MNE: "too many markets in one account",
    OB_ONE: "too many orders in one market",
    CH_IIC: "the venue's insurance fund cannot bear that",
  },
  "Correct the order: the vault's state tells positions, markets and tokens.": {
    CH_F0S: "the order is for nothing",
    CH_PSZ: "there is no position to close",
    CH_TE: "the deadline passed",
    V_ZA: "zero amount",
    V_IBA: "the token moved a different amount than asked (fee on transfer)",
    V_TINAC: "the token is no collateral here",
    V_OSCT: "the token is neither collateral nor what accounts settle in",
    EX_TKMM: "the market's tick is another one than expected",
  },
  "The account is sound: nothing is to be liquidated.": {
    CH_EAV: "the account is worth enough",
    V_NL: "the account cannot be liquidated",
    CH_CLWTISO: "it has open orders, which are cancelled first",
  },
  [NOT_DIRECTLY]: {
    CH_SHNAOPT: "the sender may not open positions for this trader",
    CH_OVOT: "only the vault or the trader may settle funding",
  },
};
