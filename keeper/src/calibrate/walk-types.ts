import type { ChainMoment } from "./chain-moments.js";
import type { DayForecast } from "./forecasts.js";
import type { History } from "./history.js";
import type { VaultShape } from "./shape.js";

/** What a walk is given. */
export interface WalkInputs {
  readonly shape: VaultShape;
  readonly history: History;
  readonly forecasts: readonly DayForecast[];
  readonly moments: readonly ChainMoment[];
}

/** What is chosen, and judged by the walk. */
export interface WalkChoices {
  readonly rangeFactor: number;
  readonly recentreAt: number;
  /** Largest share of the NAV in the pool. */
  readonly maxShare: number;
  /** γ of the hedge program. */
  readonly riskAversion: number;
  /** Margin over notional that the pool leaves room for, and the least that shorts are sized by. */
  readonly marginTarget: number;
  readonly marginLow: number;
  /** Dollars of short that one of exposure may need. */
  readonly hedgePerExposure: number;
}

/** One grid time, in shares of the NAV; volatilities a year, as the chain measures them. */
export interface WalkMoment {
  readonly time: number;
  readonly hedged: number;
  readonly unhedged: number;
  /** √(gamma part of the variance) / NAV. */
  readonly gamma: number;
  /** Part of the unhedged variance that shorts at the forecast's target would remove. */
  readonly removed: number;
  /** Σ|short|. */
  readonly gross: number;
  /** Largest exposure to one asset that is not a stable, either sign. */
  readonly largest: number;
  /** Σ of what is to be hedged. */
  readonly exposure: number;
}

/** What a vault would have been, hour by hour, and what that cost. */
export interface Walk {
  readonly moments: readonly WalkMoment[];
  /** NAV by hour, without fees earned; the first is 1. */
  readonly nav: readonly number[];
  /** By hour, shares of NAV: gained with the shorts and without them, no cost in either. */
  readonly hedgedPnl: readonly number[];
  readonly unhedgedPnl: readonly number[];
  readonly years: number;
  /** Part of the NAV that is in the pool when a range is made. */
  readonly share: number;
  /** Times that the range was made anew, and those of them that the loss budget did not pay for. */
  readonly recentres: number;
  readonly unpaid: number;
  /** A year, shares of the position's value: lost to those who trade against it, paid for new ranges, and for the hedge. */
  readonly cost: { readonly lvr: number; readonly recentring: number; readonly hedging: number };
  /** Notional traded a year, shares of the NAV. */
  readonly turnover: number;
  /** Median of the time over which the program spreads a trade's cost, years. */
  readonly costHorizon: number;
}
