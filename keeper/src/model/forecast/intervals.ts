import { KeeperError } from "../../errors.js";

/** Guards a model's input: intervals that come in the order of time, with returns that are numbers. */
export class Intervals {
  readonly #hedges: number;
  #last = Number.NaN;

  /** @param hedges Number of hedges */
  constructor(hedges: number) {
    this.#hedges = hedges;
  }

  /** End of the last interval, unix seconds; NaN before the first. */
  get last(): number {
    return this.#last;
  }

  /**
   * Take note of one interval.
   *
   * @returns Seconds since the end of the last one, so with what was left out; its own length if it is the first
   * @throws KeeperError if it is out of order, or a return is missing or not a number
   */
  accept(time: number, elapsed: number, asset: number, hedges: readonly number[]): number {
    if (!(elapsed > 0) || !Number.isFinite(time)) {
      throw new KeeperError(`An interval of ${elapsed} s to ${time}.`, "Give a positive length and unix seconds.");
    }
    if (time <= this.#last) {
      throw new KeeperError(
        `An interval to ${time} after one to ${this.#last}.`,
        "Give intervals in the order of time.",
      );
    }
    if (hedges.length !== this.#hedges) {
      throw new KeeperError(`${hedges.length} returns for ${this.#hedges} hedges.`, "Give one return for each hedge.");
    }
    let sum = asset;
    for (let j = 0; j < hedges.length; j++) sum += hedges[j]!;
    if (!Number.isFinite(sum)) {
      throw new KeeperError(`A return to ${time} is not a number.`, "Leave out intervals with unknown returns.");
    }
    const since = Number.isNaN(this.#last) ? elapsed : time - this.#last;
    this.#last = time;
    return since;
  }
}
