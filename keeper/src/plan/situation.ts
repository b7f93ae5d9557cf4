import type { VaultState } from "@crosshedge/sdk";
import type { CollateralRisk } from "../model/collateral/collateral-watch.js";
import type { Forecast } from "../model/forecaster.js";
import type { ExpectedFunding } from "../model/market-funding.js";
import type { Option } from "../model/options/option.js";

/** What a plan needs to know about the pool of a liquidity leg. */
export interface PoolState {
  readonly sqrtPriceX96: bigint;
  /** In range now. */
  readonly liquidity: bigint;
  /** Millionths. */
  readonly fee: number;
  readonly tickSpacing: number;
  /** What a unit of liquidity in range earns, USD a year; null where it is not known yet. */
  readonly feeRate: number | null;
}

/** An option that a leg can trade, in USD. */
export interface OptionMarket extends Pick<Option, "kind" | "strike"> {
  readonly leg: string;
  /** For the reasons. */
  readonly name: string;
  /** Index of the asset that it is on. */
  readonly asset: number;
  /** Unix seconds. */
  readonly expiry: number;
  /** Implied, annual. */
  readonly volatility: number;
  /** Options on one whole token. */
  readonly held: number;
  /** USD an option; null where it cannot be traded now. */
  readonly quote: { readonly bid: number; readonly ask: number } | null;
}

/** Everything that a plan is made from: one block's state and the keeper's own forecast. */
export interface Situation {
  readonly state: VaultState;
  /** By address of the liquidity leg. */
  readonly pools: Readonly<Record<string, PoolState>>;
  /** Null before there is enough history. */
  readonly forecast: Forecast | null;
  /** By address of the hedge leg, and of its market. */
  readonly funding: Readonly<Record<string, Readonly<Record<string, ExpectedFunding>>>>;
  /** By asset. */
  readonly collateral: readonly CollateralRisk[];
  /** Of every leg that trades options; no leg of today does, so there are none. */
  readonly options: readonly OptionMarket[];
  /** What trades have cost over what was expected of them: a hedge counts so many times its expected cost. 1 before any has landed. */
  readonly costFactor: number;
}

/** True for an asset that is meant to be worth a dollar. */
export function isStable(asset: VaultState["assets"][number]): boolean {
  return asset.feed.stableBand > 0n;
}

/** Index of the settlement token in every vector. */
export function settlementIndex(state: VaultState): number {
  return state.assets.findIndex(({ address }) => address.toLowerCase() === state.settlementToken.toLowerCase());
}
