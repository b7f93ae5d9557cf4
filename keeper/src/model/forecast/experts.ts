import { KeeperError } from "../../errors.js";
import type { BetaModel } from "./beta-model.js";
import { canDoubt, type Doubtful } from "./doubtful.js";
import { Intervals } from "./intervals.js";
import { Periods } from "./periods.js";
import { canRelearn, type Relearning } from "./relearning.js";

/** How experts are mixed. */
export interface ExpertOptions {
  /** η: weights fall by exp(−η·loss). */
  readonly learningRate: number;
  /** α: share of the weights that is dealt out evenly each period. */
  readonly share: number;
  /** Between decisions, seconds; an expert is judged on the betas that it had at each. */
  readonly period: number;
}

/**
 * Betas that are the weighted mean of those of several models: fixed share (Herbster & Warmuth 1998) on the loss of each period,
 * realised hedged variance over unhedged variance, of the betas that a model gave when the period began. A model without betas sleeps: it
 * has no part in the mean, and its weight changes with that of the others together (Freund et al. 1997).
 */
export class ExpertMixture implements BetaModel, Relearning, Doubtful {
  readonly #models: readonly BetaModel[];
  readonly #options: ExpertOptions;
  readonly #intervals: Intervals;
  readonly #periods: Periods;
  readonly #weights: Float64Array;
  /** What each model said when the period began. */
  readonly #frozen: (readonly number[] | null)[];
  /** Realised in the period: hedged by model, and unhedged. */
  readonly #hedged: Float64Array;
  #unhedged = 0;

  /**
   * @param hedges Number of hedges
   * @param models The experts; the mixture updates them
   */
  constructor(hedges: number, models: readonly BetaModel[], options: ExpertOptions) {
    if (models.length === 0) throw new KeeperError("A mixture of no experts.", "Give at least one model.");
    if (!(options.learningRate >= 0 && options.share >= 0 && options.share <= 1)) {
      throw new KeeperError("A mixture that cannot learn.", "Give a learning rate ≥ 0 and a share in [0, 1].");
    }
    this.#models = models;
    this.#options = options;
    this.#intervals = new Intervals(hedges);
    this.#periods = new Periods(options.period);
    this.#weights = new Float64Array(models.length).fill(1 / models.length);
    this.#frozen = models.map((model) => model.betas());
    this.#hedged = new Float64Array(models.length);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    this.#intervals.accept(time, elapsed, asset, hedges);
    if (this.#periods.closesBefore(time)) this.#decide();
    this.#unhedged += asset * asset;
    for (let k = 0; k < this.#models.length; k++) {
      const frozen = this.#frozen[k];
      if (frozen) {
        let rest = asset;
        for (let j = 0; j < hedges.length; j++) rest -= frozen[j]! * hedges[j]!;
        this.#hedged[k]! += rest * rest;
      }
      this.#models[k]!.update(time, elapsed, asset, hedges);
    }
    if (this.#periods.closesAt(time)) this.#decide();
  }

  betas(): readonly number[] | null {
    let total = 0;
    let mean: number[] | null = null;
    for (const [k, model] of this.#models.entries()) {
      const betas = model.betas();
      if (betas === null) continue;
      const weight = this.#weights[k]!;
      total += weight;
      mean ??= new Array<number>(betas.length).fill(0);
      for (let j = 0; j < betas.length; j++) mean[j]! += weight * betas[j]!;
    }
    return mean?.map((sum) => sum / total) ?? null;
  }

  /** Of the models that have betas, Σw(S + (β − m)(β − m)'): what each doubts, if it knows, and how they differ. */
  posterior(): number[][] | null {
    const mean = this.betas();
    if (mean === null) return null;
    const covariance = mean.map(() => new Array<number>(mean.length).fill(0));
    let total = 0;
    for (const [k, model] of this.#models.entries()) {
      const betas = model.betas();
      if (betas === null) continue;
      const weight = this.#weights[k]!;
      const own = canDoubt(model) ? model.posterior() : null;
      total += weight;
      for (const [i, row] of covariance.entries()) {
        const gap = betas[i]! - mean[i]!;
        for (const j of row.keys()) row[j]! += weight * ((own?.[i]?.[j] ?? 0) + gap * (betas[j]! - mean[j]!));
      }
    }
    return covariance.map((row) => row.map((sum) => sum / total));
  }

  /** By model, summing to one. */
  weights(): readonly number[] {
    return Array.from(this.#weights);
  }

  /** Weigh all models alike again, and have those learn faster that can. */
  relearn(factor: number, duration: number): void {
    this.#weights.fill(1 / this.#models.length);
    for (const model of this.#models) if (canRelearn(model)) model.relearn(factor, duration);
  }

  /** Judge the period that is over, and freeze what the models say for the next. */
  #decide(): void {
    if (this.#unhedged > 0) this.#judge();
    for (const [k, model] of this.#models.entries()) this.#frozen[k] = model.betas();
    this.#hedged.fill(0);
    this.#unhedged = 0;
  }

  #judge(): void {
    const { learningRate, share } = this.#options;
    const weights = this.#weights;
    const count = weights.length;
    let best = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) if (this.#frozen[k]) best = Math.min(best, this.#hedged[k]! / this.#unhedged);
    let before = 0;
    let after = 0;
    for (let k = 0; k < count; k++) {
      if (!this.#frozen[k]) continue;
      before += weights[k]!;
      weights[k]! *= Math.exp(-learningRate * (this.#hedged[k]! / this.#unhedged - best));
      after += weights[k]!;
    }
    for (let k = 0; k < count; k++) {
      if (this.#frozen[k]) weights[k]! *= before / after;
      weights[k] = (1 - share) * weights[k]! + share / count;
    }
  }
}
