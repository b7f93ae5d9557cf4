import { KeeperError } from "../../errors.js";

const HOUR = 3_600;
const YEAR = 365 * 86_400;
const Q128 = 2 ** 128;
const MODULUS = 1n << 256n;

/** What a pool has earned, as it says at a block. */
export interface FeeGrowth {
  /** Unix seconds. */
  readonly time: number;
  /** Of each token, token units a unit of liquidity, Q128, modulo 2^256. */
  readonly growth: readonly [bigint, bigint];
  /** USD a unit of each token. */
  readonly prices: readonly [number, number];
}

/**
 * What a unit of liquidity in range earns in a pool, from how its fee growth grows: an exponential mean over time, known once some hours are
 * seen. A position that is in range all the time earns this. Each growth is valued at the prices that end it.
 *
 * State is of constant size.
 */
export class FeeRate {
  readonly #minSeconds: number;
  readonly #halfLife: number;
  #last: FeeGrowth | null = null;
  /** Discounted: USD earned by a unit of liquidity, and seconds. */
  #earned = 0;
  #time = 0;
  #seen = 0;

  /**
   * @param minHours That must be seen before there is a rate
   * @param halfLifeHours After which an hour counts half
   */
  constructor({ minHours, halfLifeHours }: { readonly minHours: number; readonly halfLifeHours: number }) {
    this.#minSeconds = minHours * HOUR;
    this.#halfLife = halfLifeHours * HOUR;
  }

  /**
   * Take in an observation. One that is not newer than the last does nothing.
   *
   * @throws KeeperError if a price is not a positive number
   */
  add(now: FeeGrowth): void {
    if (!now.prices.every((price) => price > 0 && Number.isFinite(price))) {
      throw new KeeperError(`Fees valued at ${now.prices.join(" and ")} USD.`, "Wait for good prices.");
    }
    const last = this.#last;
    if (last !== null && now.time <= last.time) return;
    this.#last = now;
    if (last === null) return;
    const span = now.time - last.time;
    const earned = now.growth.reduce((sum, growth, side) => {
      const grown = (growth - last.growth[side as 0 | 1] + MODULUS) % MODULUS;
      return sum + (Number(grown) / Q128) * now.prices[side as 0 | 1];
    }, 0);
    // The mean age of the span is half of it: earned evenly.
    const kept = 2 ** (-span / this.#halfLife);
    const weight = ((1 - kept) * this.#halfLife) / Math.LN2;
    this.#earned = kept * this.#earned + (earned / span) * weight;
    this.#time = kept * this.#time + weight;
    this.#seen += span;
  }

  /** USD a year of a unit of liquidity; null until enough is seen. */
  get perLiquidity(): number | null {
    return this.#seen >= this.#minSeconds && this.#time > 0 ? (this.#earned / this.#time) * YEAR : null;
  }
}
