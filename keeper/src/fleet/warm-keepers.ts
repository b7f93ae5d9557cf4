/** What is expensive to make, made when it is first wanted; beyond a number, what was not wanted for longest is forgotten. */
export class WarmKeepers<K> {
  readonly #most: number;
  readonly #made = new Map<string, Promise<K>>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#made.size;
  }

  /** The one of a name; made by `make` where there is none. One that could not be made is tried again the next time. */
  get(name: string, make: () => Promise<K>): Promise<K> {
    const found = this.#made.get(name);
    this.#made.delete(name);
    const kept = found ?? make();
    this.#made.set(name, kept);
    if (found === undefined) {
      kept.catch(() => {
        if (this.#made.get(name) === kept) this.#made.delete(name);
      });
      for (const oldest of this.#made.keys()) {
        if (this.#made.size <= this.#most) break;
        this.#made.delete(oldest);
      }
    }
    return kept;
  }
}
