import { KeeperError } from "../../errors.js";
import type { BetaModel } from "./beta-model.js";
import { Intervals } from "./intervals.js";
import { Periods } from "./periods.js";
import { canRelearn, type Relearning } from "./relearning.js";

/** How far betas that are held may be from those that a model gives. */
export interface BandOptions {
  /** Half-width of the band in which a beta is left where it is. */
  readonly band: number;
  /** Between decisions, seconds. */
  readonly period: number;
}

/**
 * A model's betas, held as they are within a band and moved only to its edge, once a period: the form of the optimal policy under costs in
 * proportion to the trade (Davis & Norman 1990).
 */
export class BandedBeta implements BetaModel, Relearning {
  readonly #model: BetaModel;
  readonly #band: number;
  readonly #intervals: Intervals;
  readonly #periods: Periods;
  #held: readonly number[] | null;

  /**
   * @param hedges Number of hedges
   * @param model What the band is around; updated by this one
   */
  constructor(hedges: number, model: BetaModel, options: BandOptions) {
    if (!(options.band >= 0)) throw new KeeperError(`A band of ${options.band}.`, "Give a half-width ≥ 0.");
    this.#model = model;
    this.#band = options.band;
    this.#intervals = new Intervals(hedges);
    this.#periods = new Periods(options.period);
    this.#held = model.betas();
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    this.#intervals.accept(time, elapsed, asset, hedges);
    if (this.#periods.closesBefore(time)) this.#move();
    this.#model.update(time, elapsed, asset, hedges);
    if (this.#periods.closesAt(time)) this.#move();
  }

  betas(): readonly number[] | null {
    return this.#held;
  }

  relearn(factor: number, duration: number): void {
    if (canRelearn(this.#model)) this.#model.relearn(factor, duration);
  }

  #move(): void {
    const target = this.#model.betas();
    if (target === null) return;
    this.#held =
      this.#held?.map((held, j) => Math.min(Math.max(held, target[j]! - this.#band), target[j]! + this.#band)) ??
      target;
  }
}
