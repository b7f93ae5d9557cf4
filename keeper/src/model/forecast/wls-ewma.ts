import { KeeperError } from "../../errors.js";
import type { BetaModel } from "./beta-model.js";
import { Intervals } from "./intervals.js";
import { Regression } from "./regression.js";

/** How a weighted regression forgets. */
export interface WlsOptions {
  /** Age at which a return weighs half, seconds. */
  readonly halfLife: number;
  /** The same for the variance by which it is weighed. */
  readonly varianceHalfLife: number;
  /** Known returns before there are betas, seconds. */
  readonly minimum: number;
}

/**
 * Betas by weighted least squares with exponential forgetting: each return counts with 1/σ̂², the asset's EWMA variance before it, so
 * that a stormy day does not drown the calm ones (Aitken 1935).
 */
export class WlsEwmaBeta implements BetaModel {
  readonly #options: WlsOptions;
  readonly #intervals: Intervals;
  readonly #regression: Regression;
  #variance = 0;
  #varianceWeight = 0;
  #known = 0;

  /** @param hedges Number of hedges */
  constructor(hedges: number, options: WlsOptions) {
    if (!(options.halfLife > 0) || !(options.varianceHalfLife > 0)) {
      throw new KeeperError("A half-life is not positive.", "Give both in seconds.");
    }
    this.#options = options;
    this.#intervals = new Intervals(hedges);
    this.#regression = new Regression(hedges);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    const { halfLife, varianceHalfLife } = this.#options;
    const since = this.#intervals.accept(time, elapsed, asset, hedges);
    // A day tells the variance well enough to weigh by it; a price that never moved does not.
    const weight = this.#known >= 86_400 && this.#variance > 0 ? this.#varianceWeight / this.#variance : 0;
    this.#regression.fold(2 ** (-since / halfLife), weight / elapsed, asset, hedges);
    const keep = 2 ** (-since / varianceHalfLife);
    this.#variance = keep * this.#variance + ((1 - keep) * asset * asset) / elapsed;
    this.#varianceWeight = keep * this.#varianceWeight + 1 - keep;
    this.#known += elapsed;
  }

  betas(): readonly number[] | null {
    if (this.#known < this.#options.minimum) return null;
    this.#regression.solve(0);
    return this.#regression.betas();
  }
}
