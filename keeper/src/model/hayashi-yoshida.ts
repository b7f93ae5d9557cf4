import { KeeperError } from "../errors.js";
import { type CovarianceEstimator, YEAR_SECONDS } from "./covariance-estimator.js";

/** Weights are counted from a new origin when they are larger than this. */
const MAX_WEIGHT = 2 ** 200;

/**
 * Covariance of log prices seen at times that differ by asset, without a grid (Hayashi & Yoshida 2005): the sum of the
 * products of all returns whose half-open intervals (from, to] overlap. Each pair of returns is counted once, when the
 * later of them ends, so one price costs O(1) a pair. Consistent where the times depend on the prices, as a feed's do
 * (Hayashi & Kusuoka 2008).
 *
 * A product that was known at time s weighs 2^((s − now)/halfLife), and so do the seconds of overlap that it stands
 * for: the covariance is the quotient of the two sums, and stands still while a feed is silent. Variances are sums of
 * squared returns. Correlations can be beyond ±1 and the matrix indefinite: `repairCovariance` mends that.
 */
export class HayashiYoshida implements CovarianceEstimator {
  readonly #size: number;
  readonly #halfLife: number;
  readonly #prices: Float64Array;
  readonly #times: Float64Array;
  readonly #starts: Float64Array;
  /** `[i][j]`: the price of j that was known when i's last return ended. */
  readonly #matched: Float64Array;
  /** `[i][j]`, i ≤ j: weighted products, and weighted seconds of overlap. */
  readonly #products: Float64Array;
  readonly #seconds: Float64Array;
  #clock = Number.NEGATIVE_INFINITY;
  #origin = Number.NaN;

  /**
   * @param size Number of assets
   * @param halfLife Age at which a product weighs half, seconds; Infinity forgets nothing
   */
  constructor(size: number, halfLife: number) {
    if (!(halfLife > 0)) throw new KeeperError(`A half-life of ${halfLife} s.`, "Give a positive one, or Infinity.");
    this.#size = size;
    this.#halfLife = halfLife;
    this.#prices = new Float64Array(size).fill(Number.NaN);
    this.#times = new Float64Array(size).fill(Number.NaN);
    this.#starts = new Float64Array(size).fill(Number.NaN);
    this.#matched = new Float64Array(size * size).fill(Number.NaN);
    this.#products = new Float64Array(size * size);
    this.#seconds = new Float64Array(size * size);
  }

  get span(): number {
    const start = this.#starts.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
    return Number.isFinite(start) ? this.#clock - start : 0;
  }

  /** @throws KeeperError if the price is out of order or not a number */
  observe(asset: number, time: number, logPrice: number): void {
    this.#check(asset, time, logPrice);
    const known = !Number.isNaN(this.#prices[asset]!);
    const move = logPrice - this.#prices[asset]!;
    const since = this.#times[asset]!;
    this.#clock = time;
    this.#prices[asset] = logPrice;
    this.#times[asset] = time;
    if (known) this.#count(asset, time, since, move, this.#weight(time));
    else this.#begin(asset, time, logPrice);
  }

  covariance(): number[][] {
    return this.#matrix((cell) => {
      const seconds = this.#seconds[cell]!;
      return seconds > 0 ? (this.#products[cell]! / seconds) * YEAR_SECONDS : 0;
    });
  }

  /**
   * The sums of products as they weigh now, not annualised: realised variances and covariances where nothing is
   * forgotten.
   */
  realised(): number[][] {
    const weight = Number.isFinite(this.#clock) ? this.#weight(this.#clock) : 1;
    return this.#matrix((cell) => this.#products[cell]! / weight);
  }

  #check(asset: number, time: number, logPrice: number): void {
    if (!(asset >= 0 && asset < this.#size)) {
      throw new KeeperError(`There is no asset ${asset}.`, `Number the assets from 0 to ${this.#size - 1}.`);
    }
    if (!Number.isFinite(time) || !Number.isFinite(logPrice)) {
      throw new KeeperError(`The price ${logPrice} of asset ${asset} at ${time}.`, "Clean the rounds first.");
    }
    if (time < this.#clock || time <= this.#times[asset]!) {
      throw new KeeperError(
        `A price of asset ${asset} at ${time}, its last at ${this.#times[asset]}, the newest of all at ${this.#clock}.`,
        "Clean the rounds and give them in the order of time.",
      );
    }
  }

  #begin(asset: number, time: number, logPrice: number): void {
    this.#starts[asset] = time;
    for (let other = 0; other < this.#size; other++) {
      this.#matched[other * this.#size + asset] = logPrice;
      this.#matched[asset * this.#size + other] = this.#prices[other]!;
    }
  }

  #count(asset: number, time: number, since: number, move: number, weight: number): void {
    const size = this.#size;
    for (let other = 0; other < size; other++) {
      const price = this.#prices[other]!;
      if (other === asset || Number.isNaN(price)) continue;
      const cell = asset < other ? asset * size + other : other * size + asset;
      this.#products[cell]! += weight * move * (price - this.#matched[asset * size + other]!);
      this.#matched[asset * size + other] = price;
      const until = this.#times[other]!;
      if (until === time) this.#matched[other * size + asset] = this.#prices[asset]!;
      const from = Math.max(since, this.#starts[other]!);
      if (until > from) this.#seconds[cell]! += weight * (until - from);
    }
    this.#products[asset * size + asset]! += weight * move * move;
    this.#seconds[asset * size + asset]! += weight * (time - since);
  }

  #weight(time: number): number {
    if (this.#halfLife === Number.POSITIVE_INFINITY) return 1;
    if (Number.isNaN(this.#origin)) this.#origin = time;
    const weight = 2 ** ((time - this.#origin) / this.#halfLife);
    if (weight <= MAX_WEIGHT) return weight;
    for (let cell = 0; cell < this.#products.length; cell++) {
      this.#products[cell]! /= weight;
      this.#seconds[cell]! /= weight;
    }
    this.#origin = time;
    return 1;
  }

  #matrix(value: (cell: number) => number): number[][] {
    return Array.from({ length: this.#size }, (_, i) =>
      Array.from({ length: this.#size }, (__, j) => value(Math.min(i, j) * this.#size + Math.max(i, j))),
    );
  }
}
