/** Half-life of what errors were, days. */
const HALF_LIFE = 30;
/** Forecasts that must have come due before their errors say anything. */
const LEAST = 21;

/**
 * How far forecasts of the mean of the next days were off: the root of an exponential mean of squared errors, each known only when the last of its
 * days is over.
 */
export class ForecastErrors {
  readonly #ahead: number;
  readonly #kept = 0.5 ** (1 / HALF_LIFE);
  /** The last days, oldest first, each with the forecast that was made at its end. */
  #days: { readonly day: number; readonly value: number; readonly forecast: number | null }[] = [];
  #count = 0;
  #squares = 0;
  #weight = 0;

  /** @param ahead Days that a forecast is for */
  constructor(ahead: number) {
    this.#ahead = ahead;
  }

  /**
   * Take in a day that is over.
   *
   * @param forecast Made at its end, of the mean of the days after it; null where there was none
   */
  add(day: number, value: number, forecast: number | null): void {
    const days = [...this.#days, { day, value, forecast }].slice(-this.#ahead - 1);
    this.#days = days;
    const made = days[0]!;
    if (days.length <= this.#ahead || made.day !== day - this.#ahead || made.forecast === null) return;
    const actual = days.slice(1).reduce((sum, one) => sum + one.value, 0) / this.#ahead;
    this.#squares = this.#kept * this.#squares + (actual - made.forecast) ** 2;
    this.#weight = this.#kept * this.#weight + 1;
    this.#count += 1;
  }

  /** Standard deviation of the error; null before enough forecasts have come due. */
  get deviation(): number | null {
    return this.#count < LEAST ? null : Math.sqrt(this.#squares / this.#weight);
  }
}
