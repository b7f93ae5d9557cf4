import type { PinnedBlock } from "../read/block.js";
import type { Ratio18, TokenAmount, Usd18 } from "../units.js";

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
  /** Of the whole vault. */
  exposure: Usd18;
  /** The part of `exposure` that hedge legs contribute. */
  hedgeExposure: Usd18;
}

/** The rank-one gamma of a pool position, `c·uu'` with `u = e_i − e_j`. */
export interface GammaTerm {
  c: Usd18;
  i: number;
  j: number;
}

/** The vault measured at one price snapshot; vectors follow the vault's asset order. */
export interface PortfolioState {
  nav: Usd18;
  /** Half-width of the NAV's band. */
  half: Usd18;
  exposure: Usd18[];
  hedgeExposure: Usd18[];
  gammas: GammaTerm[];
}

/** A leg measured at the vault's price snapshot. */
export interface LegValueState {
  /** Before any cost of closing. */
  equity: Usd18;
  closeOutCost: Usd18;
  /** Σ |size|·|P_venue − P_oracle|. */
  venueGap: Usd18;
  exposure: Usd18[];
  gammas: GammaTerm[];
}

interface LegStateBase {
  address: string;
  isHedge: boolean;
  isEmpty: boolean;
  value: LegValueState;
  /** Own capital over notional; null where there is no position or the venue cannot be read. */
  marginRatio: Ratio18 | null;
}

/** A position in one Uniswap v3 pool. */
export interface UniswapV3LegState extends LegStateBase {
  venue: "uniswap-v3";
  pool: string;
  /** Indices of the pool's tokens in the vault's assets. */
  indices: [number, number];
  tickLower: number;
  tickUpper: number;
  liquidity: bigint;
  /** At the oracle's price, without uncollected fees. */
  amounts: [TokenAmount, TokenAmount];
  /** Uncollected. */
  fees: [TokenAmount, TokenAmount];
}

/** A position in one market of Perp v2. */
export interface PerpPosition {
  baseToken: string;
  /** Index in the vault's assets. */
  assetIndex: number;
  /** Base tokens, 1e18, negative for a short. */
  size: bigint;
  openNotional: Usd18;
}

/** One trader account on Perp v2. */
export interface PerpV2LegState extends LegStateBase {
  venue: "perp-v2";
  clearingHouse: string;
  /** Balance + owed realised PnL − pending funding. */
  cash: Usd18;
  positions: PerpPosition[];
}

/** A leg on a venue that this version of the SDK knows only by its value. */
export interface OtherLegState extends LegStateBase {
  venue: "other";
}

/** One leg; `venue` tells which kind. */
export type LegState = UniswapV3LegState | PerpV2LegState | OtherLegState;

/** What a plan must respect; see `IRebalancer.Limits`. */
export interface LimitsState {
  maxVolatility: Ratio18;
  minHedge: Ratio18;
  hedgeFloor: Ratio18;
  maxGammaVolatility: Ratio18;
  maxLoss: Ratio18;
  poolBand: Ratio18;
  minMarginRatio: Ratio18;
  /** Seconds. */
  horizon: bigint;
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
  settlementToken: string;
  priceOracle: string;
  covarianceOracle: string;
  rebalancer: string;
  /** In the order of every vector. */
  assets: AssetState[];
  /** The snapshot that `portfolio` and the legs were measured at. */
  prices: { mid: Usd18[]; half: Usd18[]; ok: boolean };
  nav: { mid: Usd18; half: Usd18; ok: boolean };
  portfolio: PortfolioState;
  legs: LegState[];
  epoch: bigint;
  limits: LimitsState;
  covariance: CovarianceState;
  /** USD per whole share, from the NAV's band; null while there are no shares. */
  sharePrice: { mid: Usd18; low: Usd18; high: Usd18 } | null;
}
