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
   * The day's moments, the lower triangle row by row of the asset and then its hedges; the next day begins.
   *
   * @returns Null if too little of the day is known, or something never moved
   */
  take(): Float64Array | null {
    const known = this.#known;
    const moments = known >= LEAST_KNOWN && this.#everyMoved() ? this.#sums.map((sum) => sum / known) : null;
    this.#sums.fill(0);
    this.#known = 0;
    return moments;
  }

  #everyMoved(): boolean {
    for (let i = 0; i < this.#size; i++) if (this.#sums[(i * (i + 1)) / 2 + i] === 0) return false;
    return true;
  }
}

/** What a day's moments of `size` assets show: log variances, and then the Fisher-z of each pair i > j. */
export function dayFeatures(moments: Float64Array, size: number): number[] {
  const moment = (i: number, j: number): number => moments[(i * (i + 1)) / 2 + j]!;
  const features = Array.from({ length: size }, (_, i) => Math.log(moment(i, i)));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const correlation = moment(i, j) / Math.sqrt(moment(i, i) * moment(j, j));
      features.push(Math.atanh(Math.min(Math.max(correlation, -MAX_CORRELATION), MAX_CORRELATION)));
    }
  }
  return features;
}
