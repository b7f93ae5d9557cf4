import type { LimitName } from "./limit-uses.js";

/** A limit that keeps the hedge from being better. */
export interface BindingLimit extends LimitName {
  /** The instrument's name, where the limit is an instrument's own. */
  readonly name?: string;
  readonly allowed: number;
  /** What one unit more of it would be worth, USD over the horizon. */
  readonly price: number;
}

/** The best hedge, and why it is that. */
export interface HedgeSolution {
  /** USD by instrument. */
  readonly positions: readonly number[];
  /** Annual variance, USD²: without any instrument, with those held now, with the solution. */
  readonly variance: { readonly unhedged: number; readonly before: number; readonly after: number };
  /**
   * USD by kind: the trades' proportional cost, their impact, and the funding over the horizon (negative where it is earned).
   */
  readonly cost: { readonly trading: number; readonly impact: number; readonly funding: number };
  readonly binding: readonly BindingLimit[];
  /** Names of the instruments that stay as they are because a trade gains less than it costs. */
  readonly resting: readonly string[];
  /** The largest violation of the optimality conditions, relative: the certificate of the solution. */
  readonly residual: number;
  /** All of this in sentences. */
  readonly reasons: readonly string[];
}
