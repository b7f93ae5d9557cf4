/** Seconds in the year that annualises: 365 days, as on-chain. */
export const YEAR_SECONDS = 365 * 86_400;

/** Estimates a covariance from prices that come in one at a time, each asset's at times of its own. */
export interface CovarianceEstimator {
  /** Seconds since every asset was known, up to the newest price. */
  readonly span: number;

  /**
   * Take in one price.
   *
   * @param asset Index
   * @param time Unix seconds: no earlier than any before, later than the asset's own last; ties in any order
   * @param logPrice Natural logarithm, any unit
   */
  observe(asset: number, time: number, logPrice: number): void;

  /** Annualised covariance of log returns, by asset; zero before the first returns. */
  covariance(): number[][];
}
