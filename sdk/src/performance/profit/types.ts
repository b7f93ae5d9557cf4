import type { PinnedBlock } from "../../read/block.js";
import type { VaultState } from "../../state/types.js";
import type { TokenAmount, Usd18 } from "../../units.js";
import type { ProfitParts } from "./parts.js";

/** Amounts of a pool's two tokens, in the pool's order. */
export type Pair = readonly [TokenAmount, TokenAmount];

/** One leg at given prices. */
export interface LegWorth {
  address: string;
  equity: Usd18;
  /** What its equity gains when the settlement token doubles, to first order. */
  settlementExposure: Usd18;
  /** A liquidity leg's tokens at these prices, fees left out; null for other legs. */
  amounts: Pair | null;
  /** A liquidity leg's fees, not collected; null for other legs. */
  fees: Pair | null;
}

/** A vault's legs at given prices. */
export interface Worth {
  /** USD per whole token, in the vault's asset order. */
  mids: readonly Usd18[];
  legs: readonly LegWorth[];
}

/** A vault at one block, valued twice. */
export interface ProfitSample {
  state: VaultState;
  /** At this block's prices. */
  own: Worth;
  /** At the prices of the sample before it; the same object as `own` where they did not change, or there is none before. */
  earlier: Worth;
}

/** A trade of a hedge leg on a venue with markets of its own. */
export interface MarketTrade {
  leg: string;
  market: string;
  assetIndex: number;
  /** Base tokens, 1e18, negative for sold. */
  size: bigint;
  /** Settlement tokens, 1e18, positive for received, fee left out. */
  notional: bigint;
  /** Settlement tokens, 1e18. */
  fee: bigint;
  /** Of a liquidation, settlement tokens, 1e18. */
  penalty: bigint;
}

/** A swap of a leg in a Uniswap v3 pool. */
export interface LegSwap {
  leg: string;
  /** Indices of the pool's tokens in the vault's assets. */
  indices: readonly [number, number];
  /** Positive for paid into the pool. */
  amounts: Pair;
  /** Of the pool, millionths. */
  feeTier: bigint;
}

/** What a liquidity leg's position paid and received in its pool. */
export interface LiquidityFlow {
  leg: string;
  indices: readonly [number, number];
  minted: Pair;
  burned: Pair;
  collected: Pair;
}

/** What happened to a vault in some blocks. Token vectors follow the vault's asset order. */
export interface VaultActs {
  deposited: readonly TokenAmount[];
  exited: readonly TokenAmount[];
  settled: readonly TokenAmount[];
  bounties: readonly TokenAmount[];
  writtenDown: readonly TokenAmount[];
  liquidity: readonly LiquidityFlow[];
  swaps: readonly LegSwap[];
  trades: readonly MarketTrade[];
  /** Shares minted for the recipient of fees, 1e18. */
  managementShares: bigint;
  performanceShares: bigint;
}

/** USD that came in and went out, at the prices just before; all positive. */
export interface ProfitFlows {
  deposits: Usd18;
  exits: Usd18;
  /** Set aside for claims by settlements of the queue. */
  settlements: Usd18;
}

/** What the holders had of it: what the vault earned, what flows left to those who stayed, and what its maker took. */
export interface HoldersProfit {
  /** Flows' value less that of the shares they bought or gave up: the spread, and the cost of leaving that leavers paid. */
  spreadGained: Usd18;
  /** Worth of the shares minted for the management fee, when they were. */
  managementFees: Usd18;
  performanceFees: Usd18;
  /** profit + spreadGained − managementFees − performanceFees. */
  profit: Usd18;
}

/** Where a vault's profit between two blocks came from. NAV after = NAV before + deposits − exits − settlements + Σ parts, exactly. */
export interface ProfitReport {
  vault: string;
  from: PinnedBlock;
  to: PinnedBlock;
  navBefore: Usd18;
  navAfter: Usd18;
  flows: ProfitFlows;
  parts: ProfitParts;
  /** Σ parts. */
  profit: Usd18;
  holders: HoldersProfit;
  /** Most that rounding alone can leave in `parts.unattributed`, either sign. */
  roundingBound: Usd18;
  /** Why more than that may be there; empty where nothing of the kind was seen. */
  unattributedBecause: readonly string[];
  /** Moments at which the vault was read for it. */
  samples: number;
}
