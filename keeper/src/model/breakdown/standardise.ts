import { clip } from "../clip.js";
import { ExponentialMean } from "./exponential-mean.js";

/** Half-life of the variance, hours. */
const HALF_LIFE = 72;
const CLIP = 4;

/** Hourly returns over their volatility as known the hour before: z = clip(r/σ̂, ±4), σ̂² the exponential mean of r², half-life 72 h. */
export class Standardiser {
  readonly #variance = new ExponentialMean(HALF_LIFE);

  /** @returns z, or null for the first return, which only starts the volatility */
  next(value: number): number | null {
    const variance = this.#variance.mean;
    this.#variance.add(value * value);
    if (variance === null) return null;
    return value === 0 ? 0 : clip(value / Math.sqrt(variance), CLIP);
  }
}
