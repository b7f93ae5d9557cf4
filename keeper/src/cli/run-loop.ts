import type { Keeper } from "../keeper.js";
import type { TickResult } from "../tick-result.js";

/** How a loop runs. */
export interface RunOptions {
  readonly intervalMs: number;
  /** Ends the loop after the pass that is under way. */
  readonly signal: AbortSignal;
  readonly onResult: (result: TickResult) => void;
  /** A pass that failed does not end the loop. */
  readonly onError: (error: unknown) => void;
}

/** A pass every interval until the signal. The interval counts from start to start; passes never overlap. */
export async function runLoop(keeper: Keeper, { intervalMs, signal, onResult, onError }: RunOptions): Promise<void> {
  while (!signal.aborted) {
    const started = Date.now();
    try {
      onResult(await keeper.tick());
    } catch (error) {
      onError(error);
    }
    await sleep(Math.max(0, intervalMs - (Date.now() - started)), signal);
  }
}

/** Wait, or until the signal. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", done);
  });
}
