import { setImmediate } from "node:timers/promises";

/** Lets a loop sleep until it is rung, told to end, or a time is over. A ring before the sleep is not lost. */
export class Doorbell {
  #rung = false;
  #answer: (() => void) | null = null;

  ring(): void {
    this.#rung = true;
    this.#answer?.();
  }

  /**
   * Timers and requests get their turn each time, rung or not: a loop over an embedded database would leave them none.
   *
   * @param milliseconds Null to wait for the bell alone
   */
  async wait(milliseconds: number | null, signal: AbortSignal): Promise<void> {
    await setImmediate();
    if (!this.#rung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = milliseconds === null ? undefined : setTimeout(resolve, Math.min(milliseconds, 2 ** 31 - 1));
        this.#answer = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener("abort", this.#answer, { once: true });
      });
      signal.removeEventListener("abort", this.#answer!);
      this.#answer = null;
    }
    this.#rung = false;
  }
}
