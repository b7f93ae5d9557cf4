/** Mean with exponential forgetting that is exact from the first value on: Σ2^(−age/h)·x / Σ2^(−age/h). */
export class ExponentialMean {
  readonly #keep: number;
  #sum = 0;
  #weight = 0;

  /** @param halfLife Steps after which a value weighs half */
  constructor(halfLife: number) {
    this.#keep = 2 ** (-1 / halfLife);
  }

  /** Take in a value; one of less `weight` counts for less. */
  add(value: number, weight = 1): void {
    this.#sum = this.#keep * this.#sum + weight * value;
    this.#weight = this.#keep * this.#weight + weight;
  }

  /** Null before the first value. */
  get mean(): number | null {
    return this.#weight > 0 ? this.#sum / this.#weight : null;
  }

  /** Weight of all values, in values of weight one. */
  get weight(): number {
    return this.#weight;
  }
}
