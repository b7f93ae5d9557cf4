import type { Ratio18, TokenAmount, Usd18 } from "../units.js";

/** The rank-one gamma of a pool position, `c·uu'` with `u = e_i − e_j`. */
export interface GammaTerm {
  c: Usd18;
  i: number;
  j: number;
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
  /** Name of the venue, such as "uniswap-v3" or "perp-v2"; "unknown" where the leg does not tell. */
  venue: string;
  isHedge: boolean;
  /** False also where the venue does not answer. */
  isEmpty: boolean;
  /** Null where it cannot be measured, as while prices are bad. */
  value: LegValueState | null;
  /** Own capital over notional; null where there is no position or the venue cannot be read. */
  marginRatio: Ratio18 | null;
  /**
   * How much further the venue's price stands from the oracle's than the feeds' thresholds explain; zero where it enters no deposit's value,
   * null while prices are bad.
   */
  disagreement: Ratio18 | null;
}

/** A position in one Uniswap v3 pool. */
export interface LiquidityLegState extends LegStateBase {
  kind: "liquidity";
  pool: string;
  /** Indices of the pool's tokens in the vault's assets. */
  indices: [number, number];
  tickLower: number;
  tickUpper: number;
  liquidity: bigint;
  /** How far the pool's spot price stands from the oracle's; null while prices are bad. */
  deviation: Ratio18 | null;
  /** At the oracle's price, without uncollected fees; null while prices are bad. */
  amounts: [TokenAmount, TokenAmount] | null;
  /** Uncollected; null while prices are bad. */
  fees: [TokenAmount, TokenAmount] | null;
}

/** What trading in a market costs now. */
export interface MarketQuote {
  /** The venue's price, USD per whole token. */
  price: Usd18;
  /** Share of the notional. */
  fee: Ratio18;
  /** Base tokens that the liquidity in range stands for as a constant product, 1e18. */
  depth: bigint;
}

/** One market of a hedge leg and the position in it, which may be empty. */
export interface HedgePosition {
  /** The venue's address for the market; orders name it. */
  market: string;
  /** Index in the vault's assets. */
  assetIndex: number;
  /** Base tokens, 1e18, negative for a short. */
  size: bigint;
  openNotional: Usd18;
  /** Null where the market cannot be traded now. */
  quote: MarketQuote | null;
  /**
   * What a long pays at the rates of now, a year's, share of its notional; negative where a short pays. Perp v2: by the market's average
   * premium over its index. Aave v3: interest on the settlement tokens that a short brings, less what the debt costs. Null where the venue
   * does not tell.
   */
  funding: Ratio18 | null;
}

/** A venue that charges funding by a premium, as Perp v2: what it charged is in the exchange's `FundingUpdated` logs. */
export interface FundingSource {
  exchange: string;
  /** Largest rate of a day, millionths. */
  maxDailyRate: bigint;
}

/** Shorts on one venue, whichever it is: all that there is to know for a plan. Equity = cash + Σ(size·P + openNotional). */
export interface HedgeLegState extends LegStateBase {
  kind: "hedge";
  /** Money at the venue, unrealised profit and loss left out, USD at par of the settlement token. */
  cash: Usd18;
  /** Share of cash and open notional that the venue counts as margin. */
  collateralWeight: Ratio18;
  /**
   * The venue liquidates where weight·(cash + Σ openNotional) + Σ size·P, at its own price, is less than this share of Σ |size|·P. Null where
   * the venue does not tell.
   */
  maintenanceRatio: Ratio18 | null;
  /** Null where the venue charges nothing by a premium. */
  fundingSource: FundingSource | null;
  /** One entry a market. */
  positions: HedgePosition[];
}

/** A leg that this version of the SDK knows only by its value; also a hedge leg whose venue does not answer, so that the vault has no value now. */
export interface OtherLegState extends LegStateBase {
  kind: "other";
}

/** One leg; `kind` tells which. */
export type LegState = LiquidityLegState | HedgeLegState | OtherLegState;
