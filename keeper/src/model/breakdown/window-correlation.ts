import { correlationFrom } from "./correlation.js";

/** Correlation over the last so many hours. */
export class WindowCorrelation {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #sums = [0, 0, 0];
  #count = 0;

  /** @param hours Length of the window */
  constructor(hours: number) {
    this.#first = new Float64Array(hours);
    this.#second = new Float64Array(hours);
  }

  add(first: number, second: number): void {
    const slot = this.#count % this.#first.length;
    this.#count++;
    const [oldFirst, oldSecond] = [this.#first[slot]!, this.#second[slot]!];
    this.#first[slot] = first;
    this.#second[slot] = second;
    if (slot === 0) this.#addUp();
    else {
      this.#sums[0]! += first * first - oldFirst * oldFirst;
      this.#sums[1]! += first * second - oldFirst * oldSecond;
      this.#sums[2]! += second * second - oldSecond * oldSecond;
    }
  }

  /** Null until the window is full, and where one of the series does not move. */
  get correlation(): number | null {
    if (this.#count < this.#first.length) return null;
    return correlationFrom(this.#sums[0]!, this.#sums[1]!, this.#sums[2]!);
  }

  /** Afresh once a round of the window, so that rounding errors do not add up. */
  #addUp(): void {
    this.#sums.fill(0);
    for (let i = 0; i < this.#first.length; i++) {
      const [first, second] = [this.#first[i]!, this.#second[i]!];
      this.#sums[0]! += first * first;
      this.#sums[1]! += first * second;
      this.#sums[2]! += second * second;
    }
  }
}
