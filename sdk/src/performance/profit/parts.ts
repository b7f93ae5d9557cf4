import type { Usd18 } from "../../units.js";

/** The parts of a vault's profit, each with what it is. They add up to the NAV's change less the flows, to the last unit. */
export const PROFIT_PARTS = {
  lpFees: "fees that the pools paid to the vault's liquidity, collected or not",
  impermanentLoss:
    "liquidity's worth at the end less what the tokens in it when its range or size last changed would be",
  heldLiquidity: "price move of those tokens, and of fees not collected",
  idleTokens: "price move of idle tokens",
  margin: "price move of the settlement token at hedge venues",
  hedgePrice: "price move of the hedges",
  funding: "funding, or interest and liquidations where the venue lends; negative where the vault paid",
  hedgeFees: "hedge venues' trading fees",
  hedgeSlippage: "hedges' trades against the prices just before them, fees left out",
  penalties: "liquidation penalties",
  swapFees: "fees of the vault's own swaps",
  swapSlippage: "the vault's own swaps against the prices just before them, fees left out",
  liquidityChanges: "liquidity minted and burned at the pool's price instead of the oracle's",
  bounties: "bounties paid to strangers who acted in the keeper's place",
  writtenDown: "idle tokens that were gone without a transfer",
  unattributed: "what none of these explains",
} as const;

/** A part of a vault's profit: a key of {@link PROFIT_PARTS}. */
export type ProfitPart = keyof typeof PROFIT_PARTS;

/** USD by part, 1e18, signed. */
export type ProfitParts = Record<ProfitPart, Usd18>;

/** What a vault without hedge legs would not have had. */
export const HEDGE_PARTS: readonly ProfitPart[] = ["hedgePrice", "funding", "hedgeFees", "hedgeSlippage", "penalties"];

const NAMES = Object.keys(PROFIT_PARTS) as ProfitPart[];

/** All parts zero. */
export function noProfit(): ProfitParts {
  return Object.fromEntries(NAMES.map((name) => [name, 0n])) as ProfitParts;
}

/** The sum of all parts: the profit. */
export function totalOf(parts: ProfitParts): Usd18 {
  return NAMES.reduce((total, name) => total + parts[name], 0n);
}
