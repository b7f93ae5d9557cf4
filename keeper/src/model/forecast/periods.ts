/** Cuts time into periods of equal length from the epoch; an interval belongs to the period in which it ends, the end included. */
export class Periods {
  readonly #length: number;
  #current = Number.NaN;

  /** @param length Seconds */
  constructor(length: number) {
    this.#length = length;
  }

  /** Whether an interval that ends at `time` lies behind a period that has begun and was not closed; that is then closed. */
  closesBefore(time: number): boolean {
    const period = Math.ceil(time / this.#length);
    const closes = period > this.#current;
    this.#current = period;
    return closes;
  }

  /** Whether the period ends with the interval that ends at `time`; it is then closed. To be asked after `closesBefore`. */
  closesAt(time: number): boolean {
    if (time % this.#length !== 0) return false;
    this.#current = Number.NaN;
    return true;
  }
}
