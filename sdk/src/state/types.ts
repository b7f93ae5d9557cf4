import type { PinnedBlock } from "../read/block.js";
import type { Ratio18, TokenAmount, Usd18 } from "../units.js";
import type { GammaTerm, LegState } from "./legTypes.js";

/** A price and its band, USD per whole token. */
export interface AssetPrice {
  mid: Usd18;
  /** Half-width of the band. */
  half: Usd18;
  /** False where the price may not be used. */
  ok: boolean;
}

/** The Chainlink feed of an asset, as the price oracle is configured. */
export interface AssetFeed {
  /** Chainlink proxy. */
  address: string;
  /** Seconds. */
  heartbeat: bigint;
  deviation: Ratio18;
  /** Zero for an asset that is not a stable. */
  stableBand: Ratio18;
}

/** One asset of the vault. */
export interface AssetState {
  address: string;
  symbol: string;
  decimals: number;
  idle: TokenAmount;
  price: AssetPrice;
  feed: AssetFeed;
  /** When the feed reported last, unix seconds; zero where it cannot be read. */
  updatedAt: number;
  /** Of the whole vault; zero while prices are bad. */
  exposure: Usd18;
  /** The part of `exposure` that hedge legs contribute. */
  hedgeExposure: Usd18;
}

/** The vault measured at one price snapshot; vectors follow the vault's asset order. Empty while prices are bad. */
export interface PortfolioState {
  nav: Usd18;
  /** Half-width of the NAV's band. */
  half: Usd18;
  exposure: Usd18[];
  hedgeExposure: Usd18[];
  gammas: GammaTerm[];
}

/** What a plan must respect; see `IRebalancer.Limits`. */
export interface LimitsState {
  maxVolatility: Ratio18;
  minHedge: Ratio18;
  hedgeFloor: Ratio18;
  maxGammaVolatility: Ratio18;
  maxLoss: Ratio18;
  poolBand: Ratio18;
  minMarginRatio: Ratio18;
  /** Capacity of the keeper's loss bucket, share of NAV; it refills a seventh a day. */
  lossBudget: Ratio18;
  /** Largest exposure to one asset that is not a stable, over NAV. */
  maxAsset: Ratio18;
  /** Largest equity of one hedge leg over NAV. */
  maxVenue: Ratio18;
  /** Largest sum of shorts over NAV. */
  maxGross: Ratio18;
  /** Seconds. */
  horizon: bigint;
  /** Least time between two of the keeper's plans, seconds. */
  cooldown: bigint;
  /** Ticks. */
  minRangeWidth: bigint;
}

/** What anybody must respect who acts in the keeper's place; see `IRebalancer.PublicLimits`. */
export interface PublicLimitsState {
  alarmVolatility: Ratio18;
  maxStep: Ratio18;
  minShare: Ratio18;
  maxCost: Ratio18;
  /** λ: 1e18 = one year. */
  riskPrice: bigint;
  lossBudget: Ratio18;
  marginTarget: Ratio18;
  maxBounty: Usd18;
  gasAsset: string;
  /** Seconds. */
  grace: bigint;
  cooldown: bigint;
  maxSilence: bigint;
}

/** What holders agree on; see `IHedgeVault.Settings`. */
export interface SettingsState {
  feeRecipient: string;
  /** Share of the supply a year. */
  managementFee: Ratio18;
  /** Share of the gain above the high-water mark. */
  performanceFee: Ratio18;
  /** Most that may come in of one asset within an hour, share of NAV. */
  depositWindow: Ratio18;
  depositBand: Ratio18;
  /** Idle settlement tokens that a settlement leaves for margin, share of NAV. */
  minCash: Ratio18;
  /** Seconds. */
  maxWait: bigint;
  maxNav: Usd18;
}

/** What a vault still does, each mode less than the one before it. */
export type VaultMode = "Normal" | "NoDeposit" | "ReduceOnly" | "Closed";

/** Shares of all controllers that wait to be redeemed. */
export interface QueueState {
  shares: bigint;
  /** Since when the oldest of them wait, unix seconds; zero if none do. */
  since: number;
}

/** The on-chain covariance, 1e18 = 1.0 a year; rows and columns in the vault's asset order. */
export interface CovarianceState {
  /** False before enough history is folded, or when it is too old. */
  usable: boolean;
  /** Null where there is none yet. */
  fast: bigint[][] | null;
  slow: bigint[][] | null;
}

/** Everything about a vault at one block. */
export interface VaultState {
  block: PinnedBlock;
  address: string;
  name: string;
  symbol: string;
  decimals: number;
  /** Shares, 1e18. */
  totalSupply: bigint;
  /** With the management fee that is due and not minted yet. */
  supplyWithFees: bigint;
  settlementToken: string;
  priceOracle: string;
  covarianceOracle: string;
  rebalancer: string;
  /** The AccessManager that decides who may call what is restricted. */
  authority: string;
  /** In the order of every vector. */
  assets: AssetState[];
  /** The snapshot that `portfolio` and the legs were measured at; not ok where a venue does not let the vault be valued, whatever its prices. */
  prices: { mid: Usd18[]; half: Usd18[]; ok: boolean };
  /** Not ok where a price is bad or a venue does not answer; then it is not to be used, and zero where it cannot be measured at all. */
  nav: { mid: Usd18; half: Usd18; ok: boolean };
  portfolio: PortfolioState;
  legs: LegState[];
  epoch: bigint;
  limits: LimitsState;
  publicLimits: PublicLimitsState;
  settings: SettingsState;
  mode: VaultMode;
  queue: QueueState;
  /** USD per whole share above which the next gain is charged. */
  highWaterMark: Usd18;
  /** When the price was taken that `totalAssets` and `convertTo*` answer with, unix seconds; zero where the vault cannot be valued. */
  navTimestamp: number;
  /** Spent of each loss budget, share of NAV. */
  lossSpent: { keeper: Ratio18; public: Ratio18 };
  /** From when the keeper may do more than add margin, unix seconds. */
  keeperReadyAt: number;
  /** The same for anybody else. */
  publicReadyAt: number;
  /** When the alarm was raised, unix seconds; zero if there is none. */
  alarmAt: number;
  /** The keeper's last sign of life, unix seconds. */
  lastSign: number;
  covariance: CovarianceState;
  /** USD per whole share after fees, those that are due included, from the NAV's band; null while there are no shares or prices are bad. */
  sharePrice: { mid: Usd18; low: Usd18; high: Usd18 } | null;
}
