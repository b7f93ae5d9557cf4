/** How good forecasts were, against forecasting each time the mean of all that was known of the asset. */
export class Skill {
  #missed = 0;
  #missedByMean = 0;
  #count = 0;

  /** Judge one forecast. */
  judge(realised: number, forecast: number, mean: number): void {
    this.#missed += (realised - forecast) ** 2;
    this.#missedByMean += (realised - mean) ** 2;
    this.#count++;
  }

  /** Forecasts judged. */
  get count(): number {
    return this.#count;
  }

  /** Out-of-sample R² (Campbell & Thompson 2008): 1 − Σ(realised − forecast)²/Σ(realised − mean)²; NaN before the first. */
  get r2(): number {
    return 1 - this.#missed / this.#missedByMean;
  }
}
