import type { KeeperLiveness } from "../keeper/keeperLiveness.js";
import type { LimitUse } from "../limits/types.js";
import type { QueueOutlook } from "../queue/queueOutlook.js";
import type { PinnedBlock } from "../read/block.js";
import type { Greeks } from "../risk/greeks.js";
import type { VolatilityLine } from "../risk/volatility.js";
import type { LegState } from "../state/legTypes.js";
import type { VaultMode } from "../state/types.js";
import type { Ratio18, TokenAmount, Usd18 } from "../units.js";
import type { Exposures } from "./exposures.js";

/** Tokens of the basket that the vault holds idle. */
export interface IdleLine {
  asset: string;
  symbol: string;
  decimals: number;
  amount: TokenAmount;
  /** Null while the asset's price is bad. */
  usd: Usd18 | null;
}

/** One leg at the report's prices. */
export interface LegLine {
  address: string;
  venue: LegState["venue"];
  isHedge: boolean;
  /** Null while prices are bad. */
  equity: Usd18 | null;
  /** What closing it now would cost; null while prices are bad. */
  closeOutCost: Usd18 | null;
  /** Null where there is no position. */
  marginRatio: Ratio18 | null;
}

/** What the vault gains when one asset doubles, to first order. */
export interface ExposureLine {
  asset: string;
  symbol: string;
  /** True for an asset that the price oracle treats as a stable; it counts in no hedge ratio. */
  isStable: boolean;
  total: Usd18;
  /** From hedge legs. */
  hedge: Usd18;
  /** Without hedge legs: `total − hedge`. */
  unhedged: Usd18;
  /** As an instrument: −hedge exposure here over the whole hedged exposure. Null where nothing is hedged. */
  hedgeRatio: Ratio18 | null;
  /** As a hedged asset: −hedge exposure here over the unhedged exposure here. Null where there is none. */
  ownHedgeRatio: Ratio18 | null;
}

/** What holders pay to the vault's maker. */
export interface FeeLine {
  /** Share of the supply a year. */
  management: Ratio18;
  /** Share of the gain above the mark. */
  performance: Ratio18;
  /** USD per share above which the next gain is charged. */
  highWaterMark: Usd18;
  recipient: string;
}

/** A loss budget: what execution may cost, share of NAV. It refills a seventh of its capacity a day. */
export interface BudgetLine {
  spent: Ratio18;
  capacity: Ratio18;
  left: Ratio18;
  /** When nothing of it is spent any more, if nothing more is spent, unix seconds. */
  fullAt: number;
}

/** What a vault is worth and what moves it, at one block. */
export interface VaultReport extends Exposures {
  vault: string;
  name: string;
  symbol: string;
  block: PinnedBlock;
  /** False where a price is bad. */
  pricesOk: boolean;
  /** Null where a price is bad or a venue does not answer; figures that depend on it are then null or missing. */
  nav: { mid: Usd18; low: Usd18; high: Usd18 } | null;
  /** Shares, 1e18. */
  totalSupply: bigint;
  /** USD per whole share after fees, those that are due included; null while there are none or prices are bad. */
  sharePrice: { mid: Usd18; low: Usd18; high: Usd18 } | null;
  idle: IdleLine[];
  legs: LegLine[];
  volatility: VolatilityLine;
  /** Null while prices are bad. */
  greeks: Greeks | null;
  /** The vault's plan counter. */
  epoch: bigint;
  mode: VaultMode;
  fees: FeeLine;
  queue: QueueOutlook;
  lossBudgets: { keeper: BudgetLine; public: BudgetLine };
  /** Every limit that measures something, and how much of it is used. */
  limits: LimitUse[];
  keeper: KeeperLiveness;
  /** When the price was taken that `totalAssets` and `convertTo*` answer with, unix seconds. */
  navTimestamp: number;
}
