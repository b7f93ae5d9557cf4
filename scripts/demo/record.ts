import type { DemoOptions } from "./options.js";

/** The vault that we show, the same one without any hedge, and one that hedges like for like. */
export const VAULTS = ["hedged", "unhedged", "naive"] as const;
export type VaultName = (typeof VAULTS)[number];

/** What trading and holding the hedge cost, USD; a negative part is income (funding received, say). */
export interface CostParts {
  readonly fees: number;
  readonly impact: number;
  readonly funding: number;
  readonly gas: number;
}

/** One vault at the end of one hour. */
export interface VaultHour {
  /** Unix seconds. */
  readonly time: number;
  /** USD at the path's own prices of the hour, not the oracle's. */
  readonly fair: { readonly lp: number; readonly idle: number; readonly hedge: number };
  /** What the chain says the vault is worth, USD; null where a price of its feeds is bad. */
  readonly navOracle: number | null;
  /** USD a share; null likewise. */
  readonly sharePrice: number | null;
  /** What came in (deposits, positive) or went out (exits, negative) since the hour before, USD; no part of the P&L. */
  readonly flow: number;
  /** USD gained when the asset doubles, by asset: without the hedge legs, and with them. */
  readonly exposure: {
    readonly before: Readonly<Record<string, number>>;
    readonly after: Readonly<Record<string, number>>;
  };
  /** −(hedge exposure) / (hedged exposure), by instrument; 1 = fully hedged. */
  readonly hedgeRatio: Readonly<Record<string, number>>;
  /** Of the hedge leg at fair prices, own capital over notional; null without a position. */
  readonly marginRatio: number | null;
  /** The range of the liquidity (null without any), and the pool's price, both in the pool's quote. */
  readonly range: readonly [lower: number, upper: number] | null;
  readonly price: number;
}

/**
 * Why the chain accepted a plan: the variance fell; or the vault is inside its limits and hedged; or it could only make the vault safer
 * by its kind, as added margin does, and passed without the gate.
 */
export type Acceptance = "reduced" | "insideLimits" | "withoutGate";

/** A plan that the chain accepted. */
export interface RebalanceRecord {
  readonly time: number;
  readonly vault: VaultName;
  /** Because the variance fell, or because the vault is inside its limits and hedged. */
  readonly accepted: Acceptance;
  /** USD² a year. */
  readonly varianceBefore: number;
  readonly varianceAfter: number;
  /** What was done, in words, in order. */
  readonly orders: readonly string[];
  readonly gasUsed: number;
  readonly cost: CostParts;
}

/** A plan that the chain refused. */
export interface RejectionRecord {
  readonly time: number;
  readonly vault: VaultName;
  /** The name of the custom error, or a few words. */
  readonly reason: string;
}

/** Where the hedged vault's keeper saw the market in its cycle, when it decided. */
export interface CycleRecord {
  readonly time: number;
  /** "calm", "crash" or "decoupled"; null as long as too little was known. */
  readonly regime: string | null;
  /** "ample", "thin" or "dry"; null without good prices. */
  readonly liquidity: string | null;
}

/** A holder's round trip through the SDK, USD at the path's prices. */
export interface RoundTrip {
  /** At the first hour. */
  readonly deposited: number;
  readonly received: number;
  /** What his shares were worth, with nothing taken off, when he began to leave. */
  readonly worth: number;
  /** Token units by symbol. */
  readonly amounts: Readonly<Record<string, bigint>>;
}

/** The same through the redemption queue. */
export interface QueueTrip extends RoundTrip {
  /** From the request until the last share was filled, or until the demo gave up waiting. */
  readonly hours: number;
  /** Part of the request that was filled, 0 to 1. */
  readonly filled: number;
}

/** How the hedged vault's holders left. */
export interface HolderTrips {
  readonly inKind: RoundTrip;
  readonly queue: QueueTrip;
}

/** Everything that one run of the demo saw. Pure data: the report needs nothing else. */
export interface RunRecord {
  readonly options: DemoOptions;
  /** For each vault an entry an hour, the same hours for all. The first is the state just after the first deposits. */
  readonly hours: Readonly<Record<VaultName, readonly VaultHour[]>>;
  /** USD by asset, the same hours. */
  readonly prices: Readonly<Record<string, readonly number[]>>;
  readonly rebalances: readonly RebalanceRecord[];
  readonly rejections: readonly RejectionRecord[];
  /** One for each of its passes. */
  readonly cycles: readonly CycleRecord[];
  /** What fell outside of plans, by vault: pokes, and funding that was pending at the end. */
  readonly otherCost: Readonly<Record<VaultName, CostParts>>;
  readonly holders: HolderTrips;
  /** What those who trade against the vaults made, USD. */
  readonly participants: { readonly arbitrageur: number; readonly maker: number };
  /** Times that the venue took a position of the hedged vault away. */
  readonly liquidations: number;
  /** What the parameter file says that the vault loses at the most, shares of NAV; null where the run has none. */
  readonly published: { readonly day: number; readonly fortnight: number } | null;
  /** Wall-clock time of the run. */
  readonly seconds: number;
}
