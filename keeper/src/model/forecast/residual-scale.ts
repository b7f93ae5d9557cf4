/** A residual weighs no more in the variance than this many deviations. */
const CAP = 4;
/** Residuals before the cap is in force, and that are averaged plainly. */
const WARM_UP = 24;

/** Variance of residuals per second, with exponential forgetting and outliers capped, and the clipping of residuals by it. */
export class ResidualScale {
  readonly #halfLife: number;
  #variance: number;
  #count: number;

  /**
   * @param halfLife Seconds; Infinity keeps `variance`
   * @param variance Per second; without it the first residuals tell
   */
  constructor(halfLife: number, variance?: number) {
    this.#halfLife = halfLife;
    this.#variance = variance ?? 0;
    this.#count = variance === undefined ? 0 : WARM_UP;
  }

  /** Per second; zero before the first residual. */
  get variance(): number {
    return this.#variance;
  }

  /** Whether enough residuals are known to tell which of them is an outlier. */
  get settled(): boolean {
    return this.#count >= WARM_UP;
  }

  /**
   * Learn from one residual.
   *
   * @param since Seconds since the last one
   * @param elapsed Length of its interval, seconds
   */
  learn(since: number, elapsed: number, residual: number): void {
    const square = (residual * residual) / elapsed;
    if (!this.settled) {
      this.#count++;
      this.#variance += (square - this.#variance) / this.#count;
      return;
    }
    const gain = 1 - 2 ** (-since / this.#halfLife);
    this.#variance += gain * (Math.min(square, CAP * CAP * this.#variance) - this.#variance);
  }
}
