/** The highest log price of the last so many hours, and how far below it the last one is. */
export class TrailingHigh {
  readonly #window: number;
  /** Candidates for the high, falling. */
  readonly #highs: { readonly time: number; readonly value: number }[] = [];

  /** @param window Seconds */
  constructor(window: number) {
    this.#window = window;
  }

  /**
   * Take in one log price.
   *
   * @returns How far it is below the high, zero or more
   */
  add(time: number, value: number): number {
    while (this.#highs.length > 0 && this.#highs.at(-1)!.value <= value) this.#highs.pop();
    this.#highs.push({ time, value });
    while (this.#highs[0]!.time <= time - this.#window) this.#highs.shift();
    return this.#highs[0]!.value - value;
  }
}
