import { seededNormals } from "../../support/random.js";

export const HOUR = 3600;
export const DAY = 86_400;

/** Returns of an asset and its hedges over one hour. */
export interface Step {
  readonly time: number;
  readonly asset: number;
  readonly hedges: readonly number[];
}

/**
 * Hours of returns: hedges of 1% an hour that share half of their variance, and an asset that is theirs times betas, and noise.
 *
 * @param betas At each hour
 * @param noise Deviation of the asset's own returns, at each hour
 */
export function simulatedReturns(
  hours: number,
  seed: number,
  betas: (hour: number) => readonly number[],
  noise: (hour: number) => number = () => 0.01,
): Step[] {
  const draw = seededNormals(seed);
  return Array.from({ length: hours }, (_, hour) => {
    const beta = betas(hour);
    const common = draw();
    const hedges = beta.map(() => 0.01 * Math.SQRT1_2 * (common + draw()));
    const asset = beta.reduce((sum, b, j) => sum + b * hedges[j]!, noise(hour) * draw());
    return { time: (hour + 1) * HOUR, asset, hedges };
  });
}
