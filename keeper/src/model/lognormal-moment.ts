import { normalCdf } from "./normal.js";

/**
 * E[exp(level + slope·(x − centre))·1{ln a < x < ln b}] of a normal x with this mean and variance.
 *
 * @param level Logarithm of the value at the mean
 * @param centre Mean of x
 * @param lower a, zero for none
 * @param upper b, infinite for none
 */
export function momentBetween(
  level: number,
  slope: number,
  centre: number,
  variance: number,
  lower: number,
  upper: number,
): number {
  if (variance === 0) return Math.log(lower) < centre && centre < Math.log(upper) ? Math.exp(level) : 0;
  const deviation = Math.sqrt(variance);
  const shifted = centre + slope * variance;
  const [from, to] = [(Math.log(lower) - shifted) / deviation, (Math.log(upper) - shifted) / deviation];
  // From the nearer tail, so that little is not the difference of two large figures.
  const inside = from > 0 ? normalCdf(-from) - normalCdf(-to) : normalCdf(to) - normalCdf(from);
  return Math.exp(level + (slope * slope * variance) / 2) * inside;
}
