import { HALF_LIVES, LEAST_DAYS, MOST_DAYS } from "./carry-coefficients.js";

/**
 * How long a carry position is held, days: some half-lives ln ½ / ln φ of a daily autoregression.
 *
 * @param persistence φ, what part of a day's distance from the mean is left after a day, from 0 to below 1
 */
export function holdingDays(persistence: number, halfLives: number = HALF_LIVES): number {
  const halfLife = persistence > 0 ? Math.log(0.5) / Math.log(persistence) : 0;
  return Math.min(Math.max(halfLives * halfLife, LEAST_DAYS), MOST_DAYS);
}
