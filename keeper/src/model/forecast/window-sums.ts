/**
 * Sums of vectors over a window that slides, without subtraction, so without drift however long it runs: the older part of the window is
 * kept as sums from each entry to the part's end, the newer as its entries and their sum; when the older part runs out, the newer becomes
 * it (the two-stack queue). Amortised O(1) a vector.
 */
export class WindowSums {
  readonly #size: number;
  readonly #times: number[] = [];
  readonly #entries: number[] = [];
  readonly #sum: Float64Array;
  /** End of the older part, and where the window begins. */
  #turn = 0;
  #first = 0;

  /** @param size Length of the vectors */
  constructor(size: number) {
    this.#size = size;
    this.#sum = new Float64Array(size);
  }

  /** Vectors in the window. */
  get count(): number {
    return this.#times.length - this.#first;
  }

  /** Add one to the newer end. */
  add(time: number, vector: ArrayLike<number>): void {
    this.#times.push(time);
    for (let k = 0; k < this.#size; k++) {
      this.#entries.push(vector[k]!);
      this.#sum[k]! += vector[k]!;
    }
  }

  /** Drop all whose time is not later than `time`. */
  dropUntil(time: number): void {
    while (this.#first < this.#times.length && this.#times[this.#first]! <= time) {
      if (this.#first === this.#turn) this.#turnOver();
      this.#first++;
    }
  }

  /** Write the window's sums to `into`. */
  sums(into: Float64Array): void {
    const older = this.#first < this.#turn;
    for (let k = 0; k < this.#size; k++) {
      into[k] = this.#sum[k]! + (older ? this.#entries[this.#first * this.#size + k]! : 0);
    }
  }

  #turnOver(): void {
    this.#times.splice(0, this.#first);
    this.#entries.splice(0, this.#first * this.#size);
    this.#first = 0;
    this.#turn = this.#times.length;
    for (let i = this.#entries.length - this.#size - 1; i >= 0; i--)
      this.#entries[i]! += this.#entries[i + this.#size]!;
    this.#sum.fill(0);
  }
}
