import { ExponentialCorrelation } from "./exponential-correlation.js";

/** Half-life, hours. */
const HALF_LIFE = 720;
/** Hours by which the reference lags, so that it does not take in the break that it is there to show. */
const LAG = 168;
/** Hours of the correlation that the lag leaves, before it is of any use. */
const WARM_UP = 504;

/** ρ0, what the correlation has been: exponential mean with a half-life of 30 d, 7 d ago. */
export class ReferenceCorrelation {
  readonly #current = new ExponentialCorrelation(HALF_LIFE);
  readonly #lagged: (number | null)[] = new Array<number | null>(LAG).fill(null);
  #count = 0;
  #reference: number | null = null;

  /** @returns ρ0 as of 7 d before this hour, null in the first 28 d */
  next(first: number, second: number): number | null {
    const slot = this.#count % LAG;
    this.#reference = this.#count >= LAG + WARM_UP ? this.#lagged[slot]! : null;
    this.#current.add(first, second);
    this.#lagged[slot] = this.#current.correlation;
    this.#count++;
    return this.#reference;
  }
}
