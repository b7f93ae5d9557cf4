/** Seconds. */
const HOUR = 3_600;
/** A price that is older says nothing of the hour: the slowest feeds report once a day. */
const LONGEST_SILENCE = 25 * HOUR;

/** Log returns from hour to hour of one feed that reports when it likes: from the price in force at each full hour. */
export class HourlyReturns {
  readonly #onReturn: (logReturn: number) => void;
  #last: { readonly time: number; readonly logPrice: number } | undefined;
  #next = Number.NaN;
  #before = Number.NaN;

  /** @param onReturn Is told the return of each hour once that has ended; NaN where the feed was silent for more than a day */
  constructor(onReturn: (logReturn: number) => void) {
    this.#onReturn = onReturn;
  }

  /**
   * Take in one price.
   *
   * @param time Unix seconds: no earlier than any before
   * @param logPrice Natural logarithm, any unit
   */
  observe(time: number, logPrice: number): void {
    this.advance(time);
    if (this.#last === undefined) this.#next = Math.ceil(time / HOUR) * HOUR;
    this.#last = { time, logPrice };
  }

  /** Take note that all prices before `time`, unix seconds, have come: the hours that end before it have ended. */
  advance(time: number): void {
    if (this.#last === undefined) return;
    for (; this.#next < time; this.#next += HOUR) {
      const inForce = this.#next - this.#last.time <= LONGEST_SILENCE ? this.#last.logPrice : Number.NaN;
      this.#onReturn(inForce - this.#before);
      this.#before = inForce;
    }
  }
}
