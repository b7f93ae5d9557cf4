/** Degrees of freedom of hourly returns. */
const FREEDOM = 4;
/** Half-life of the residuals' variance, hours. */
const HALF_LIFE = 48;
/** A residual weighs no more in it than this many deviations. */
const CAP = 3;
/** Variance of a residual never falls below this share of the asset's. */
const FLOOR = 0.02;

/**
 * Log likelihood ratio of a weaker relation over the usual one, given the hedge's return: both explain the asset's return with
 * Student's t of four degrees of freedom (Lange, Little & Taylor 1989) and the variance that residuals had of late. What makes the asset
 * noisier without changing its beta widens both alike, and so is no evidence for either.
 */
export class ResidualRatio {
  readonly #keep = 2 ** (-1 / HALF_LIFE);
  #variance: number | null = null;

  /**
   * @param asset, hedge Standardised returns
   * @param usual Slope of the asset's return on the hedge's as it has been
   * @param weaker Slope to compare it with
   */
  next(asset: number, hedge: number, usual: number, weaker: number): number {
    const variance = this.#variance ?? Math.max(1 - usual * usual, FLOOR);
    const [expected, broken] = [(asset - usual * hedge) ** 2, (asset - weaker * hedge) ** 2];
    const capped = Math.min(expected, CAP * CAP * variance);
    this.#variance = Math.max(this.#keep * variance + (1 - this.#keep) * capped, FLOOR);
    const scale = (FREEDOM - 2) * variance;
    return (-(FREEDOM + 1) / 2) * (Math.log1p(broken / scale) - Math.log1p(expected / scale));
  }
}
