import type { Measured } from "./statistics.js";

/** An alarm ends after this many hours in a row of a correlation that is back, or of no relation that could be broken. */
const HOURS = 168;
/** Back is a correlation above 0.5, or, where less was usual, above two thirds of the reference. */
const BACK = 0.5;
const BACK_SHARE = 2 / 3;
/** And all statistics below this share of their thresholds. */
const QUIET = 0.75;

/** Turns levels into an alarm that begins at once and ends only when the relation has been back for 7 days, or none has been left. */
export class Hysteresis {
  #alarmed = false;
  /** Hours in a row in which nothing was broken. */
  #whole = 0;

  get alarmed(): boolean {
    return this.#alarmed;
  }

  /**
   * @param measured Null where there is no relation that could be broken
   * @param correlation Over the last 7 days
   * @returns Whether an alarm begins
   */
  next(measured: Measured | null, correlation: number | null): boolean {
    if (!this.#alarmed) {
      this.#alarmed = measured !== null && highest(measured) >= 1;
      this.#whole = 0;
      return this.#alarmed;
    }
    this.#whole = measured === null || isBack(measured, correlation) ? this.#whole + 1 : 0;
    this.#alarmed = this.#whole < HOURS;
    return false;
  }
}

function isBack(measured: Measured, correlation: number | null): boolean {
  const back = Math.min(BACK, BACK_SHARE * measured.reference);
  return correlation !== null && correlation > back && highest(measured) < QUIET;
}

function highest({ levels }: Measured): number {
  return Math.max(...Object.values(levels));
}
