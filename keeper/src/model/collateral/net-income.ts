/** What a dollar of liquidity brings and costs, shares of it a year. */
export interface LiquidityIncome {
  readonly fees: number;
  /** Loss versus rebalancing of a range with the price in its middle. */
  readonly lvr: number;
  /** What its hedge receives: funding and interest, negative where it pays. */
  readonly carry: number;
  /** What keeping its hedge inside the no-trade band costs. */
  readonly rehedging: number;
}

/** Fees net of LVR and of the hedge, a share a year. */
export function netIncome({ fees, lvr, carry, rehedging }: LiquidityIncome): number {
  return fees - lvr + carry - rehedging;
}

/**
 * Cost of keeping a position inside a no-trade band by trades to its nearer edge: κ·ν²/(2w), the reflected Brownian motion's local time at both
 * edges of [−w, w].
 *
 * @param kappa Cost of a unit of trade
 * @param nu Volatility of the distance to the target, a year^½
 * @param halfWidth w; zero costs nothing where nothing drifts, and is endless else
 * @returns A year
 */
export function bandTurnoverCost(kappa: number, nu: number, halfWidth: number): number {
  return kappa === 0 || nu === 0 ? 0 : (kappa * nu * nu) / (2 * halfWidth);
}
