/** One after the other: who comes while another is at work waits. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #count = 0;

  get busy(): boolean {
    return this.#count > 0;
  }

  /** @returns Null if the signal came before the turn did */
  async take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T | null> {
    const before = this.#last;
    let done!: () => void;
    this.#last = new Promise((resolve) => {
      done = resolve;
    });
    this.#count++;
    try {
      await turnOrSignal(before, signal);
      return signal?.aborted ? null : await work();
    } finally {
      this.#count--;
      // Who gave up still lets the next one wait for the one before.
      void before.then(done);
    }
  }
}

async function turnOrSignal(turn: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined || signal.aborted) return signal === undefined ? turn : undefined;
  const over = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true, signal: over.signal });
  });
  await Promise.race([turn, stopped]);
  over.abort();
}
