import { KeeperError } from "../../errors.js";

/** Betas are moved no further than to this multiple of what they amount to, and its inverse. */
const MAX_FACTOR = 1.4;

/**
 * Betas moved towards what is expected of the next week before it has shown in returns: that on the first hedge goes the share `weight` of the
 * way from what all of them amount to on it, to the forecast of that.
 *
 * @param betas A model's, by hedge
 * @param own What they amount to on the first hedge
 * @param forecast Of that, for the next week
 * @param weight In [0, 1]
 * @returns As they were, if they amount to nothing on the first hedge
 */
export function anticipate(betas: readonly number[], own: number, forecast: number, weight: number): readonly number[] {
  if (!(weight >= 0 && weight <= 1)) throw new KeeperError(`A weight of ${weight}.`, "Give one in [0, 1].");
  if (!(own > 0)) return betas;
  const towards = Math.min(Math.max(forecast, own / MAX_FACTOR), own * MAX_FACTOR);
  return betas.map((beta, j) => (j === 0 ? beta + weight * (towards - own) : beta));
}
