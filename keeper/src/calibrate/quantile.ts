import { KeeperError } from "../errors.js";

/**
 * Quantile of a sample by linear interpolation between order statistics (Hyndman & Fan 1996, type 7).
 *
 * @param share 0 to 1
 * @throws KeeperError for an empty sample, or one with a value that is not finite
 */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0 || !values.every(Number.isFinite)) {
    throw new KeeperError("A quantile of nothing, or of what is not finite, was asked for.", "Give a longer history.");
  }
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)]! - low);
}
