import { KeeperError } from "../../errors.js";
import type { ShiftForecast } from "./correlation-shift.js";

/** Betas are moved no further than by this factor. */
const MAX_FACTOR = 1.4;

/**
 * Betas moved towards what is expected of the next week before it has shown in returns: all by the same factor, so that together they
 * have the share `weight` of the way from the beta on the first hedge that they amount to, to the forecast of that.
 *
 * @param betas A model's, by hedge
 * @param onFirst Beta of each hedge on the first one: 1, and what the others move with it
 * @param shift Forecast for the asset and the first hedge
 * @param weight In [0, 1]; beyond about ¼ the pooled forecast costs more than it gives to a good model
 * @returns The betas to aim at; as they were, if they amount to nothing on the first hedge
 */
export function anticipate(
  betas: readonly number[],
  onFirst: readonly number[],
  shift: ShiftForecast,
  weight: number,
): number[] {
  if (!(weight >= 0 && weight <= 1)) throw new KeeperError(`A weight of ${weight}.`, "Give one in [0, 1].");
  let amount = 0;
  for (const [j, beta] of betas.entries()) amount += beta * onFirst[j]!;
  if (!(amount > 0)) return [...betas];
  const towards = Math.min(Math.max(shift.beta / amount, 1 / MAX_FACTOR), MAX_FACTOR);
  return betas.map((beta) => beta * (1 + weight * (towards - 1)));
}
