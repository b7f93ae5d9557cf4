import { type IntervalHistogram, monitorEventLoopDelay, performance } from "node:perf_hooks";

const RESOLUTION = 20;
/** Milliseconds that a window lasts. */
const WINDOW = 60_000;

/** Knows how long the event loop was blocked at most of late: a process that answers may still be too busy to tick. */
export class EventLoopWatch {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  #windowAt = performance.now();
  #before = 0;

  constructor() {
    this.#histogram.enable();
  }

  /** Milliseconds, in this window and the one before it. */
  longest(): number {
    const seen = this.#histogram.count > 0 ? this.#histogram.max / 1e6 : 0;
    const longest = Math.max(seen, this.#before);
    if (performance.now() - this.#windowAt > WINDOW) {
      this.#before = seen;
      this.#windowAt = performance.now();
      this.#histogram.reset();
    }
    return longest;
  }
}
