import { HayashiYoshida } from "./hayashi-yoshida.js";

/** How many staggered samplings are averaged. */
const SAMPLINGS = 4;

/**
 * The mean of several Hayashi–Yoshida covariances, each over the first round of every feed in each window of `spacing` seconds, with
 * windows that start at different times.
 *
 * Rounds that follow each other closely carry the feed's mechanics: a move is reported in steps of the threshold, and steps
 * in one direction make the sum of squares too small. Far apart, the first round of a window is still a stopping time, so the
 * estimator stays consistent; the mean over staggered windows uses all the data again.
 */
export class SparseCovariance {
  readonly #samplings: readonly HayashiYoshida[];
  /** `[sampling][asset]`: number of the last window that has given a round. */
  readonly #windows: number[][];
  readonly #spacing: number;

  /**
   * @param size Number of assets
   * @param halfLife Seconds
   * @param spacing Seconds; 0 takes every round
   */
  constructor(size: number, halfLife: number, spacing: number) {
    const count = spacing > 0 ? SAMPLINGS : 1;
    this.#spacing = spacing;
    this.#samplings = Array.from({ length: count }, () => new HayashiYoshida(size, halfLife));
    this.#windows = Array.from({ length: count }, () => Array.from({ length: size }, () => Number.NEGATIVE_INFINITY));
  }

  /** Take in one observation. Observations of one asset come in ascending time. */
  observe(asset: number, time: number, logPrice: number): void {
    this.#samplings.forEach((sampling, k) => {
      if (this.#spacing > 0) {
        const window = Math.floor(time / this.#spacing + k / this.#samplings.length);
        if (window === this.#windows[k]![asset]) return;
        this.#windows[k]![asset] = window;
      }
      sampling.observe(asset, time, logPrice);
    });
  }

  /** Seconds that the observations cover; 0 until every asset has been seen. */
  get span(): number {
    return Math.min(...this.#samplings.map((sampling) => (sampling.complete ? sampling.span : 0)));
  }

  /** Annualised covariance matrix. Not necessarily positive semidefinite. */
  covariance(): number[][] {
    const all = this.#samplings.map((sampling) => sampling.covariance());
    return all[0]!.map((row, i) => row.map((_, j) => all.reduce((sum, one) => sum + one[i]![j]!, 0) / all.length));
  }
}
