import type { RebalancedArgs } from "../epoch/types.js";
import type { LimitsState, PublicLimitsState, SettingsState, VaultMode } from "../state/types.js";
import type { Ratio18, TokenAmount, Usd18 } from "../units.js";

/** What stands between a vault and one of its legs, in rising order of harm. */
export type LegImpairment = "None" | "Blocked" | "Damaged";
/** Why a Perp v2 account differs from the one last seen, in rising order of harm. */
export type AccountCause = "Fill" | "Margin" | "Funding" | "Gift" | "Settlement" | "Liquidation" | "BadDebt";

/** What Perp v2 books for a leg. */
export interface PerpAccount {
  /** Settlement-token units, signed. */
  balance: TokenAmount;
  /** Realised profit and loss that is not in the balance yet, 1e18. */
  owed: bigint;
  /** By market: base tokens 1e18; settlement tokens 1e18; the market's funding growth at the last settlement. */
  booked: { size: bigint; openNotional: bigint; fundingGrowth: bigint }[];
}

interface Position {
  owner: string;
  tickLower: bigint;
  tickUpper: bigint;
  amount0: TokenAmount;
  amount1: TokenAmount;
}

/** What each event of a vault carries, by its name: shares 1e18, USD 1e18, ratios 1e18, tokens in their own units. */
export interface VaultEventArgs {
  /** Shares moved; from or to the zero address where they were minted or burned, to or from the vault where they wait in its queue. */
  Transfer: { from: string; to: string; value: bigint };
  BasketDeposit: {
    sender: string;
    receiver: string;
    tokens: string[];
    amounts: TokenAmount[];
    shares: bigint;
    navBefore: Usd18;
    half: Usd18;
  };
  /** Amounts by vault asset. */
  ExitInKind: {
    sender: string;
    receiver: string;
    owner: string;
    shares: bigint;
    amounts: TokenAmount[];
    forfeit: string[];
  };
  FeesAccrued: { recipient: string; managementShares: bigint; performanceShares: bigint; highWaterMark: Usd18 };
  HighWaterMarkMoved: { highWaterMark: Usd18 };
  ModeSet: { mode: VaultMode; sender: string };
  SettingsSet: { settings: SettingsState };
  LegImpaired: { leg: string; impairment: LegImpairment };
  WrittenDown: { token: string; from: TokenAmount; to: TokenAmount };
  /** Settlement tokens. */
  BountyPaid: { to: string; amount: TokenAmount };
  LegAdded: { leg: string; isHedge: boolean };
  LegRemoved: { leg: string };
  RebalancerSet: { rebalancer: string };
  BasketSet: { asset: string; accepted: boolean };
  RedeemRequest: { controller: string; owner: string; requestId: bigint; sender: string; shares: bigint };
  RedeemRequestCancelled: { controller: string; receiver: string; sender: string; shares: bigint };
  OperatorSet: { controller: string; operator: string; approved: boolean };
  /** A deposit of the settlement token as ERC-4626 tells it, beside its `BasketDeposit`. */
  Deposit: { sender: string; owner: string; assets: TokenAmount; shares: bigint };
  /** A claim: what settlements had filled was paid out. */
  Withdraw: { sender: string; receiver: string; owner: string; assets: TokenAmount; shares: bigint };
  Settled: {
    sender: string;
    shares: bigint;
    assets: TokenAmount;
    nav: Usd18;
    half: Usd18;
    stillDue: bigint;
    stillWaiting: bigint;
  };
  Rebalanced: RebalancedArgs;
  LimitsSet: { limits: LimitsState };
  PublicLimitsSet: { limits: PublicLimitsState };
  Heartbeat: { keeper: string };
  AlarmRaised: { sender: string; volatility: Ratio18 };
  AlarmCleared: { sender: string; volatility: Ratio18 };
  /** A Perp v2 leg's account at its venue. */
  AccountChanged: { cause: AccountCause; before: PerpAccount; after_: PerpAccount };
  /** A venue did not cover all of a leaver's part; settlement-token units. */
  PaidInPart: { owed: TokenAmount; paid: TokenAmount };
  /** A pool's `Mint`, `Burn`, `Collect` and `Swap` of a leg of the vault. Fees are what was collected less what was burned. */
  LiquidityMinted: Position & { sender: string; amount: bigint };
  LiquidityBurned: Position & { amount: bigint };
  LiquidityCollected: Position & { recipient: string };
  PoolSwapped: {
    sender: string;
    recipient: string;
    amount0: TokenAmount;
    amount1: TokenAmount;
    sqrtPriceX96: bigint;
    liquidity: bigint;
    tick: bigint;
  };
}

/** Name of an event in a vault's history. */
export type VaultEventName = keyof VaultEventArgs;

/** Where an event stands in the chain. */
export interface EventPlace {
  /** Who raised it: the vault, its Rebalancer, a leg or a leg's pool; checksummed. */
  readonly contract: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Of the block, unix seconds. */
  readonly timestamp: number;
  readonly transactionHash: string;
  readonly transactionIndex: number;
  /** Within the block. */
  readonly logIndex: number;
}

/** The event of one name. */
export type VaultEventOf<N extends VaultEventName> = EventPlace & {
  readonly name: N;
  readonly args: VaultEventArgs[N];
};

/**
 * Something that happened to a vault.
 *
 * @example
 * if (event.name === "Settled") console.log(event.blockNumber, event.args.shares, event.args.assets);
 */
export type VaultEvent = { [N in VaultEventName]: VaultEventOf<N> }[VaultEventName];
