import { KeeperError } from "../../../keeper/src/errors.js";
import {
  type DayOfPair,
  type PairPast,
  type PairState,
  pairState,
} from "../../../keeper/src/model/forecast/pair-past.js";

/** What is forecast is the week to come; of it so many days must be known to learn from it. */
const [AHEAD, LEAST_AHEAD] = [7, 6];
/** Weeks of an asset that must be known before its mean is what a forecast is measured against. */
const LEAST_MEAN = 60;

/** What is known of a pair at the end of a day. */
export interface Known {
  readonly past: PairPast;
  /** Beta on the hedge that a model has learned. */
  readonly own: number;
}

/** What a pair did in a week, and what was known when it began. */
export interface PairWeek extends Known {
  /** Number of its last day. */
  readonly end: number;
  readonly realised: PairState;
  /** Means of all weeks known when it began; null if they were few. */
  readonly mean: { readonly z: number; readonly beta: number } | null;
}

/** The weeks of a pair that lie behind the regressors of a day, one for each day, in the order in which they end. */
export class PairWeeks {
  readonly #days = new Map<number, DayOfPair>();
  readonly #begun = new Map<number, Known & Pick<PairWeek, "mean">>();
  #last = Number.NEGATIVE_INFINITY;
  #weeks = 0;
  #z = 0;
  #beta = 0;

  /**
   * Learn what the pair did on a day; days without data are left out.
   *
   * @param number Of the day, counted from any origin; in order
   * @param known At its end; null if too little is
   * @returns The week that ends with it, if it can be judged
   */
  add(number: number, day: DayOfPair, known: Known | null): PairWeek | null {
    if (!(number > this.#last) || !Number.isInteger(number)) {
      throw new KeeperError(`Day ${number} after day ${this.#last}.`, "Give whole days in their order.");
    }
    this.#last = number;
    this.#days.set(number, day);
    this.#days.delete(number - AHEAD);
    const week = this.#end(number);
    if (known !== null) {
      const judged = this.#weeks >= LEAST_MEAN;
      const mean = judged ? { z: this.#z / this.#weeks, beta: this.#beta / this.#weeks } : null;
      this.#begun.set(number, { ...known, mean });
    }
    return week;
  }

  #end(number: number): PairWeek | null {
    const begun = this.#begun.get(number - AHEAD);
    for (const day of this.#begun.keys()) if (day <= number - AHEAD) this.#begun.delete(day);
    const days: DayOfPair[] = [];
    for (let day = number - AHEAD + 1; day <= number; day++) {
      const of = this.#days.get(day);
      if (of) days.push(of);
    }
    const realised = days.length < LEAST_AHEAD ? null : pairState(days);
    if (realised === null) return null;
    this.#weeks++;
    this.#z += realised.z;
    this.#beta += realised.beta;
    return begun === undefined ? null : { end: number, realised, ...begun };
  }
}
