import { KeeperError } from "../../errors.js";

/** What a move costs with the closing of the position. */
export interface LiquidityAdjustment {
  /** Log move that the margin must bear without it. */
  readonly move: number;
  /** Hours that the move is over. */
  readonly horizonHours: number;
  /** Hours that closing takes, 0 where it is one trade. */
  readonly liquidationHours: number;
  /** Half the spread, fees included, as a share of the price. */
  readonly halfSpread: number;
  /** Of closing, as a share of the price. */
  readonly impact: number;
}

/** A move, and what is added to it. */
export interface AdjustedMove {
  /** Log move over the time with that of closing. */
  readonly move: number;
  /** Cost of closing, share of the notional. */
  readonly addOn: number;
}

/**
 * Liquidity-adjusted value at risk (Bangia, Diebold, Schuermann & Stroughair 1999): the move over the time in which the position is being
 * closed as well, by the square root of time, and half the spread and the impact on top.
 *
 * @throws KeeperError if a figure is negative or not finite, or the horizon is zero
 */
export function liquidityAdjusted(adjustment: LiquidityAdjustment): AdjustedMove {
  const { move, horizonHours, liquidationHours, halfSpread, impact } = adjustment;
  const sound = Object.values(adjustment).every((value) => Number.isFinite(value) && value >= 0);
  if (!sound || horizonHours === 0) {
    throw new KeeperError(`No position is this: ${JSON.stringify(adjustment)}.`, "Give finite figures, none negative.");
  }
  return { move: move * Math.sqrt(1 + liquidationHours / horizonHours), addOn: halfSpread + impact };
}

/**
 * Impact of a trade as a share of its notional, η·σ·√(notional/daily volume) (Almgren et al. 2005; Tóth et al. 2011), where only a volume is
 * known of a market; where a quote tells its depth, the impact is computed from that.
 *
 * @param notional USD
 * @param dailyVolatility 1.0 = 100%
 * @param dailyVolume USD
 * @param eta Half to one is measured
 */
export function squareRootImpact(notional: number, dailyVolatility: number, dailyVolume: number, eta = 1): number {
  if (!(notional >= 0 && dailyVolatility >= 0 && dailyVolume > 0 && eta >= 0)) {
    throw new KeeperError(
      `A trade of $${notional} in a market of $${dailyVolume} a day.`,
      "Give figures that are not negative, and a volume.",
    );
  }
  return eta * dailyVolatility * Math.sqrt(notional / dailyVolume);
}
