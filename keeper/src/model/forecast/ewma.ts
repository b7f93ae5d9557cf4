import { KeeperError } from "../../errors.js";
import { clip } from "../clip.js";
import type { BetaModel } from "./beta-model.js";
import { Intervals } from "./intervals.js";
import { Regression } from "./regression.js";
import { ResidualScale } from "./residual-scale.js";

/** Half-life of the residuals' variance that says what an outlier is, seconds. */
const SCALE_HALF_LIFE = 6 * 86_400;

/**
 * Exponentially weighted second moments about zero, per unit of time: S ← λS + (1−λ)·rr'/Δt with λ = 2^(−Δt/halfLife) (RiskMetrics 1996).
 */
export class EwmaCovariance {
  readonly #halfLife: number;
  readonly #sums: number[][];
  #kept: number;
  /** Length of the last interval, and what it leaves of what was before. */
  #elapsed = Number.NaN;
  #keep = 1;

  /**
   * @param size Number of returns
   * @param halfLife Seconds, or another unit of time
   * @param initial What to begin with, per unit of time; without it only what is learned counts
   */
  constructor(size: number, halfLife: number, initial?: readonly (readonly number[])[]) {
    if (!(halfLife > 0)) throw new KeeperError(`A half-life of ${halfLife} s.`, "Give a positive one.");
    this.#halfLife = halfLife;
    this.#sums = Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_, j) => initial?.[i]?.[j] ?? 0));
    this.#kept = initial === undefined ? 1 : 0;
  }

  /**
   * Fold the returns over one interval.
   *
   * @param elapsed Its length, in the unit of the half-life
   */
  update(elapsed: number, returns: readonly number[]): void {
    if (elapsed !== this.#elapsed) this.#keep = 2 ** (-elapsed / this.#halfLife);
    this.#elapsed = elapsed;
    const keep = this.#keep;
    this.#kept *= keep;
    for (let i = 0; i < this.#sums.length; i++) {
      const row = this.#sums[i]!;
      const scaled = ((1 - keep) * returns[i]!) / elapsed;
      for (let j = 0; j < row.length; j++) row[j] = keep * row[j]! + scaled * returns[j]!;
    }
  }

  /** Per unit of time; null before the first interval. */
  covariance(): number[][] | null {
    if (this.#kept === 1) return null;
    return this.#sums.map((row) => row.map((sum) => sum / (1 - this.#kept)));
  }
}

/** How an EWMA regression forgets. */
export interface EwmaOptions {
  /** Age at which a return weighs half, seconds. */
  readonly halfLife: number;
  /** Residuals are clipped to this many of their deviations; Infinity to keep them. */
  readonly clip: number;
  /** Share of each hedge's variance that is added to it. */
  readonly ridge: number;
  /** Known returns before there are betas, seconds. */
  readonly minimum: number;
}

/** Betas from exponentially weighted second moments; a return far off what the betas explain counts only up to the clip (Huber 1964). */
export class EwmaBeta implements BetaModel {
  readonly #options: EwmaOptions;
  readonly #intervals: Intervals;
  readonly #regression: Regression;
  readonly #scale = new ResidualScale(SCALE_HALF_LIFE);
  #known = 0;

  /** @param hedges Number of hedges */
  constructor(hedges: number, options: EwmaOptions) {
    if (!(options.halfLife > 0)) throw new KeeperError(`A half-life of ${options.halfLife} s.`, "Give a positive one.");
    this.#options = options;
    this.#intervals = new Intervals(hedges);
    this.#regression = new Regression(hedges);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    const { halfLife, clip: limit, ridge, minimum } = this.#options;
    const since = this.#intervals.accept(time, elapsed, asset, hedges);
    let counted = asset;
    if (limit !== Number.POSITIVE_INFINITY && this.#known >= minimum) {
      const residual = this.#regression.residual(asset, hedges);
      if (this.#scale.settled) {
        const bound = limit * Math.sqrt(this.#scale.variance * elapsed);
        counted += clip(residual, bound) - residual;
      }
      this.#scale.learn(since, elapsed, residual);
    }
    this.#regression.fold(2 ** (-since / halfLife), 1, counted, hedges);
    this.#known += elapsed;
    if (this.#known >= minimum) this.#regression.solve(ridge);
  }

  betas(): readonly number[] | null {
    return this.#regression.betas();
  }
}
