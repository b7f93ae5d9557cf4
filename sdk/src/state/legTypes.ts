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
  isHedge: boolean;
  isEmpty: boolean;
  /** Null where it cannot be measured, as while prices are bad. */
  value: LegValueState | null;
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
  /** At the oracle's price, without uncollected fees; null while prices are bad. */
  amounts: [TokenAmount, TokenAmount] | null;
  /** Uncollected; null while prices are bad. */
  fees: [TokenAmount, TokenAmount] | null;
}

/** A position in one market of Perp v2. */
export interface PerpPosition {
  market: string;
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
