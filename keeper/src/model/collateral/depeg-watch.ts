import { KeeperError } from "../../errors.js";

const DAY = 86_400;
/** Half-life of the worst distance seen, days: one bad print is remembered for months. */
const PEAK_DAYS = 30;
/** What the worst counts for: it may go as far again before it is sold. */
const PEAK_FACTOR = 2;
/** Half-life of the mean distance, days. */
const LASTING_DAYS = 1;
/** What a lasting distance counts for: Derive's margin manager has this factor for a stable below 0.99. */
const LASTING_FACTOR = 4;

/**
 * How far a stable may fall below par, from its own history: the larger of twice the worst distance seen, forgotten by halves in a month, and
 * four times its mean over a day, so that a stable that stays below is trusted less from hour to hour. A price above par is no distance.
 *
 * State is of constant size. Prices are in force until the next.
 */
export class DepegWatch {
  #time: number | null = null;
  #distance = 0;
  #peak = 0;
  #lasting = 0;

  /**
   * Take in a price. One that is not newer than the last does nothing.
   *
   * @param time Unix seconds
   * @param price USD
   * @throws KeeperError if the price is not a positive number
   */
  add(time: number, price: number): void {
    if (!(price > 0 && Number.isFinite(price))) {
      throw new KeeperError(`A stable's price of ${price}.`, "Leave out what is no price before it gets here.");
    }
    if (this.#time !== null && time <= this.#time) return;
    this.#peak = this.#peakAt(time);
    this.#lasting = this.#lastingAt(time);
    this.#distance = Math.max(0, 1 - price);
    this.#peak = Math.max(this.#peak, this.#distance);
    this.#time = time;
  }

  /**
   * The add-on to its haircut, share of its value.
   *
   * @param time Unix seconds, not before the last price
   * @param floor Of a stable that has never left par
   */
  addOn(time: number, floor: number): number {
    return Math.min(1, Math.max(floor, PEAK_FACTOR * this.#peakAt(time), LASTING_FACTOR * this.#lastingAt(time)));
  }

  #peakAt(time: number): number {
    return Math.max(this.#distance, this.#peak * this.#kept(time, PEAK_DAYS));
  }

  #lastingAt(time: number): number {
    const kept = this.#kept(time, LASTING_DAYS);
    return kept * this.#lasting + (1 - kept) * this.#distance;
  }

  #kept(time: number, halfLifeDays: number): number {
    return 2 ** (-(time - (this.#time ?? time)) / (halfLifeDays * DAY));
  }
}
