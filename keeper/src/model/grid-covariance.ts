import { type CovarianceEstimator, YEAR_SECONDS } from "./covariance-estimator.js";

/** How the covariance is sampled. */
export interface GridOptions {
  /** Length of a return, seconds. */
  readonly step: number;
  /** How many grids, each a fraction of the step later than the one before, are averaged. */
  readonly staggers: number;
  /** Age at which a return weighs half, seconds. */
  readonly halfLife: number;
}

/** One of the grids: what it has folded, and where it stands. */
interface Grid {
  next: number;
  prices: readonly number[] | undefined;
  /** Weight of everything folded; 1 in the limit. */
  weight: number;
  readonly sums: number[][];
}

/**
 * Covariance of log prices from oracle rounds: the rounds in force at the times of a grid, folded with exponential
 * forgetting, averaged over grids that start at different times. Positive semidefinite by construction.
 *
 * A feed reports a move in steps of its deviation threshold δ, so returns over less than about (3δ/σ)² years are mostly
 * the feed's mechanics: variances come out too small, and by different amounts, which ruins the split between two
 * instruments that move together. The step must be longer than that; staggering gives back the data that a coarse grid
 * would leave out.
 */
export class GridCovariance implements CovarianceEstimator {
  readonly #options: GridOptions;
  readonly #prices: (number | undefined)[];
  readonly #grids: Grid[];
  #start: number | undefined;
  #clock = 0;

  /** @param size Number of assets */
  constructor(size: number, options: GridOptions) {
    this.#options = options;
    this.#prices = Array.from({ length: size }, () => undefined);
    this.#grids = Array.from({ length: options.staggers }, () => ({
      next: 0,
      prices: undefined,
      weight: 0,
      sums: Array.from({ length: size }, () => Array.from({ length: size }, () => 0)),
    }));
  }

  get span(): number {
    return this.#start === undefined ? 0 : this.#clock - this.#start;
  }

  observe(asset: number, time: number, logPrice: number): void {
    if (this.#start !== undefined) for (const grid of this.#grids) this.#advance(grid, time);
    this.#clock = time;
    this.#prices[asset] = logPrice;
    if (this.#start === undefined && this.#prices.every((price) => price !== undefined)) this.#begin(time);
  }

  covariance(): number[][] {
    const weight = this.#grids.reduce((sum, grid) => sum + grid.weight, 0);
    const scale = weight > 0 ? YEAR_SECONDS / (this.#options.step * weight) : 0;
    return this.#prices.map((_, i) =>
      this.#prices.map((__, j) => scale * this.#grids.reduce((sum, { sums }) => sum + sums[i]![j]!, 0)),
    );
  }

  #begin(time: number): void {
    const { step, staggers } = this.#options;
    this.#start = time;
    this.#grids.forEach((grid, k) => {
      const offset = (k * step) / staggers;
      grid.next = Math.ceil((time - offset) / step) * step + offset;
    });
  }

  /** Fold every grid time before `time`: a round at a grid time is in force at it. */
  #advance(grid: Grid, time: number): void {
    const { step, halfLife } = this.#options;
    const keep = 2 ** (-step / halfLife);
    for (; grid.next < time; grid.next += step) {
      const now = this.#prices as readonly number[];
      const before = grid.prices;
      grid.prices = [...now];
      if (before === undefined) continue;
      const moves = now.map((price, i) => price - before[i]!);
      grid.weight = keep * grid.weight + 1 - keep;
      for (const [i, row] of grid.sums.entries()) {
        for (const [j, sum] of row.entries()) row[j] = keep * sum + (1 - keep) * moves[i]! * moves[j]!;
      }
    }
  }
}
