import { KeeperError } from "../../errors.js";
import { anticipate } from "./anticipate.js";
import type { BetaModel } from "./beta-model.js";
import { forecastShift, type ShiftForecast } from "./correlation-shift.js";
import { DayMoments } from "./day-moments.js";
import { canDoubt, type Doubtful } from "./doubtful.js";
import { EwmaCovariance } from "./ewma.js";
import { Intervals } from "./intervals.js";
import { type DayOfPair, LONGEST_WINDOW, type PairPast, pairPast } from "./pair-past.js";
import { Periods } from "./periods.js";
import { canRelearn, type Relearning } from "./relearning.js";

const DAY = 86_400;
/** Half-life of what the hedges move with the first of them, seconds. */
const HALF_LIFE = 30 * DAY;

/**
 * A model's betas, moved part of the way to where the beta on the first hedge is expected in the next week. Pooled coefficients say so from
 * the asset's own days; they are for an altcoin and ETH.
 */
export class AnticipatingBeta implements BetaModel, Relearning, Doubtful {
  readonly #model: BetaModel;
  readonly #weight: number;
  readonly #intervals: Intervals;
  readonly #periods = new Periods(DAY);
  readonly #moments = new DayMoments(2);
  readonly #days = new Map<number, DayOfPair>();
  readonly #hedges: EwmaCovariance;
  #today = Number.NaN;
  #past: PairPast | null = null;
  /** Beta of each hedge on the first. */
  #onFirst: readonly number[] = [];

  /**
   * @param hedges Number of hedges
   * @param model Whose betas are moved; updated by this one
   * @param weight Share of the way, in [0, 1]
   */
  constructor(hedges: number, model: BetaModel, weight: number) {
    if (!(weight >= 0 && weight <= 1)) throw new KeeperError(`A weight of ${weight}.`, "Give one in [0, 1].");
    this.#model = model;
    this.#weight = weight;
    this.#intervals = new Intervals(hedges);
    this.#hedges = new EwmaCovariance(hedges, HALF_LIFE);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    const since = this.#intervals.accept(time, elapsed, asset, hedges);
    if (this.#periods.closesBefore(time)) this.#close();
    this.#today = Math.ceil(time / DAY);
    this.#moments.add(elapsed, asset, hedges);
    this.#hedges.update(since, hedges);
    if (this.#periods.closesAt(time)) this.#close();
    this.#model.update(time, elapsed, asset, hedges);
  }

  betas(): readonly number[] | null {
    const betas = this.#model.betas();
    if (betas === null || this.#past === null) return betas;
    const own = amountOf(betas, this.#onFirst);
    return anticipate(betas, own, forecastShift(this.#past, own).beta, this.#weight);
  }

  posterior(): number[][] | null {
    return canDoubt(this.#model) ? this.#model.posterior() : null;
  }

  relearn(factor: number, duration: number): void {
    if (canRelearn(this.#model)) this.#model.relearn(factor, duration);
  }

  /** What is expected of the asset and the first hedge in the next week; null as long as too little is known. */
  shift(): ShiftForecast | null {
    const own = this.own();
    return own === null || this.#past === null ? null : forecastShift(this.#past, own);
  }

  /** What the asset and the first hedge did until the end of the last whole day; null as long as too little is known. */
  past(): PairPast | null {
    return this.#past;
  }

  /** What the model's betas amount to on the first hedge; null without them. */
  own(): number | null {
    const betas = this.#past && this.#model.betas();
    return betas && amountOf(betas, this.#onFirst);
  }

  #close(): void {
    const moments = this.#moments.take();
    this.#past = null;
    if (moments === null) return;
    const [asset, cross, hedge] = moments as unknown as [number, number, number];
    this.#days.set(this.#today, { asset, hedge, cross });
    for (const day of this.#days.keys()) if (day <= this.#today - LONGEST_WINDOW) this.#days.delete(day);
    this.#past = pairPast(this.#days, this.#today);
    const first = this.#hedges.covariance()![0]!;
    this.#onFirst = first.map((value) => value / first[0]!);
  }
}

function amountOf(betas: readonly number[], onFirst: readonly number[]): number {
  let sum = 0;
  for (let j = 0; j < betas.length; j++) sum += betas[j]! * onFirst[j]!;
  return sum;
}
