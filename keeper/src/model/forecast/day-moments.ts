/** Least part of a day that must be known for the day to count, seconds. */
const LEAST_KNOWN = 12 * 3600;
/** Correlations are taken to be no further from zero. */
const MAX_CORRELATION = 0.999;

/** Realised second moments of one day, per second. */
export class DayMoments {
  readonly #size: number;
  /** Lower triangle, row by row, of the asset and then its hedges. */
  readonly #sums: Float64Array;
  #known = 0;

  /** @param size Number of hedges, and one */
  constructor(size: number) {
    this.#size = size;
    this.#sums = new Float64Array((size * (size + 1)) / 2);
  }

  /** Add the returns over `elapsed` seconds. */
  add(elapsed: number, asset: number, hedges: readonly number[]): void {
    for (let i = 0, at = 0; i < this.#size; i++) {
      const mine = i === 0 ? asset : hedges[i - 1]!;
      for (let j = 0; j <= i; j++, at++) this.#sums[at]! += mine * (j === 0 ? asset : hedges[j - 1]!);
    }
    this.#known += elapsed;
  }

  /**
   * What the day shows, log variances and then the Fisher-z of each pair i > j; the next day begins.
   *
   * @returns Null if too little of the day is known, or something never moved
   */
  take(): number[] | null {
    const moment = (i: number, j: number): number => this.#sums[(i * (i + 1)) / 2 + j]!;
    const known = this.#known;
    let features: number[] | null = null;
    if (known >= LEAST_KNOWN && this.#everyMoved()) {
      const logs = Array.from({ length: this.#size }, (_, i) => Math.log(moment(i, i) / known));
      const fisher: number[] = [];
      for (let i = 0; i < this.#size; i++) {
        for (let j = 0; j < i; j++) {
          const correlation = moment(i, j) / Math.sqrt(moment(i, i) * moment(j, j));
          fisher.push(Math.atanh(Math.min(Math.max(correlation, -MAX_CORRELATION), MAX_CORRELATION)));
        }
      }
      features = [...logs, ...fisher];
    }
    this.#sums.fill(0);
    this.#known = 0;
    return features;
  }

  #everyMoved(): boolean {
    for (let i = 0; i < this.#size; i++) if (this.#sums[(i * (i + 1)) / 2 + i] === 0) return false;
    return true;
  }
}
