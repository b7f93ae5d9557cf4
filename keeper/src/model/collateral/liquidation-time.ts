import { KeeperError } from "../../errors.js";

/** Share of all collateral that is sold within the liquidation time; what is more in one asset takes as much longer. */
export const SOLD_AT_ONCE = 0.25;

/**
 * How many liquidation times it takes to sell an asset: 1 up to a quarter of all collateral, in proportion to its share above that. This is the
 * concentration add-on: by the root of it a haircut's price move grows.
 *
 * @param share Of all collateral that is not the settlement token, 0 to 1
 */
export function liquidationTimes(share: number): number {
  return Math.max(1, share / SOLD_AT_ONCE);
}

/**
 * A quantile of log moves over several times its horizon, by the root of time.
 *
 * @throws KeeperError if the time is shorter than the horizon, where the root would not be conservative
 */
export function scaledMove(move: number, times: number): number {
  if (times >= 1) return move * Math.sqrt(times);
  throw new KeeperError(`A move is to be scaled to ${times} of its horizon.`, "Give a time of one horizon or more.");
}
