import type { Measured } from "./statistics.js";

/** An alarm ends after this many hours in a row of a correlation that is back. */
const HOURS = 168;
/** Back is a correlation above 0.5, or, where less was usual, above two thirds of the reference. */
const BACK = 0.5;
const BACK_SHARE = 2 / 3;
/** And all statistics below this share of their thresholds. */
const QUIET = 0.75;

/** Turns levels into an alarm that begins at once and ends only when the relation has been back for 7 days. */
export class Hysteresis {
  #alarmed = false;
  #back = 0;

  get alarmed(): boolean {
    return this.#alarmed;
  }

  /**
   * @param measured Null where nothing could be measured: an alarm stays as it is
   * @param correlation Over the last 7 days
   * @returns Whether an alarm begins
   */
  next(measured: Measured | null, correlation: number | null): boolean {
    if (measured === null) {
      this.#back = 0;
      return false;
    }
    const level = Math.max(...Object.values(measured.levels));
    if (!this.#alarmed) {
      this.#alarmed = level >= 1;
      this.#back = 0;
      return this.#alarmed;
    }
    const back = Math.min(BACK, BACK_SHARE * measured.reference);
    this.#back = correlation !== null && correlation > back && level < QUIET ? this.#back + 1 : 0;
    this.#alarmed = this.#back < HOURS;
    return false;
  }
}
