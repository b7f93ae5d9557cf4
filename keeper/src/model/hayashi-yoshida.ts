const YEAR_SECONDS = 365 * 86_400;

interface Pair {
  /** Sum of the products of overlapping returns, decayed to `clock`. */
  sum: number;
  clock: number;
}

/**
 * Hayashi–Yoshida covariance of log prices that are observed at different, irregular times, with exponential forgetting.
 *
 * Every pair of returns whose half-open intervals overlap counts once, at the moment when the later of the two ends. That needs
 * one number a pair beside the sum: the other's price when this one last ticked. Equal times may arrive in any order.
 */
export class HayashiYoshida {
  readonly size: number;
  readonly #rate: number;
  readonly #price: (number | undefined)[];
  readonly #time: number[];
  /** `#mark[i][j]`: price of j at i's last tick. */
  readonly #mark: number[][];
  readonly #pairs: Pair[][];
  #start: number | undefined;
  #clock = 0;

  /**
   * @param size Number of assets
   * @param halfLife Seconds after which an observation weighs half; `Infinity` never forgets
   */
  constructor(size: number, halfLife: number) {
    this.size = size;
    this.#rate = Math.LN2 / halfLife;
    this.#price = Array.from({ length: size }, () => undefined);
    this.#time = Array.from({ length: size }, () => Number.NEGATIVE_INFINITY);
    this.#mark = Array.from({ length: size }, () => Array.from({ length: size }, () => Number.NaN));
    this.#pairs = Array.from({ length: size }, () => Array.from({ length: size }, () => ({ sum: 0, clock: 0 })));
  }

  /** Newest time seen, unix seconds. */
  get clock(): number {
    return this.#clock;
  }

  /** Seconds between the first observation and the newest. */
  get span(): number {
    return this.#start === undefined ? 0 : this.#clock - this.#start;
  }

  /** True once every asset has ticked. */
  get complete(): boolean {
    return this.#price.every((price) => price !== undefined);
  }

  /** Take in one observation. Observations of one asset come in ascending time. */
  observe(asset: number, time: number, logPrice: number): void {
    this.#start ??= time;
    this.#clock = Math.max(this.#clock, time);
    const before = this.#price[asset];
    this.#price[asset] = logPrice;
    this.#time[asset] = time;
    for (let other = 0; other < this.size; other++) {
      const theirs = this.#price[other];
      if (theirs === undefined) continue;
      if (before !== undefined) {
        const move = logPrice - before;
        if (other === asset) this.#add(asset, asset, time, move * move);
        else {
          const mark = this.#mark[asset]![other]!;
          if (!Number.isNaN(mark)) this.#add(asset, other, time, move * (theirs - mark));
        }
      }
      this.#mark[asset]![other] = theirs;
      if (this.#time[other] === time) this.#mark[other]![asset] = logPrice;
      else if (before === undefined && Number.isNaN(this.#mark[other]![asset]!)) this.#mark[other]![asset] = logPrice;
    }
  }

  /** Sum of the products of overlapping returns, weighed to the newest time. */
  sum(i: number, j: number): number {
    const pair = this.#pair(i, j);
    return pair.sum * this.#decay(this.#clock - pair.clock);
  }

  /** Annualised covariance matrix. Not necessarily positive semidefinite. */
  covariance(): number[][] {
    const weight = this.#weight() / YEAR_SECONDS;
    return Array.from({ length: this.size }, (_, i) =>
      Array.from({ length: this.size }, (_, j) => (weight > 0 ? this.sum(i, j) / weight : 0)),
    );
  }

  #pair(i: number, j: number): Pair {
    return i < j ? this.#pairs[i]![j]! : this.#pairs[j]![i]!;
  }

  #add(i: number, j: number, time: number, product: number): void {
    const pair = this.#pair(i, j);
    if (time >= pair.clock) {
      pair.sum = pair.sum * this.#decay(time - pair.clock) + product;
      pair.clock = time;
    } else pair.sum += product * this.#decay(pair.clock - time);
  }

  #decay(seconds: number): number {
    return this.#rate === 0 ? 1 : Math.exp(-this.#rate * seconds);
  }

  /** Seconds of observation after forgetting. */
  #weight(): number {
    return this.#rate === 0 ? this.span : (1 - this.#decay(this.span)) / this.#rate;
  }
}
