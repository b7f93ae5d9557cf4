/** So many within a time that moves along. */
export class RateLimit {
  readonly #most: number;
  readonly #withinMs: number;
  readonly #now: () => number;
  #taken: number[] = [];

  constructor(most: number, withinMs: number, now: () => number) {
    this.#most = most;
    this.#withinMs = withinMs;
    this.#now = now;
  }

  /** True if one more is allowed, which then counts. */
  take(): boolean {
    const now = this.#now();
    this.#taken = this.#taken.filter((time) => now - time < this.#withinMs);
    if (this.#taken.length >= this.#most) return false;
    this.#taken.push(now);
    return true;
  }
}
