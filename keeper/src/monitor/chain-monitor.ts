import type { ChainHealth } from "./health-snapshot.js";
import type { MonitorContext } from "./vault-monitor.js";

/** Takes down how one chain's head moves. */
export class ChainMonitor {
  readonly #context: MonitorContext;
  readonly #chain: string;
  readonly #since: number;
  #number: number | null = null;
  #timestamp: number | null = null;
  #advancedAt: number | null = null;

  constructor(context: MonitorContext, chain: string) {
    this.#context = context;
    this.#chain = chain;
    this.#since = context.now();
  }

  /** A block was seen; one that was known already changes nothing. */
  head(number: number, timestamp: number): void {
    if (this.#number === number && this.#timestamp === timestamp) return;
    this.#number = number;
    this.#timestamp = timestamp;
    this.#advancedAt = this.#context.now();
    this.#context.metrics.headNumber.set({ chain: this.#chain }, number);
  }

  /** Bring the ages up to date. */
  refresh(): void {
    const { metrics, now } = this.#context;
    const labels = { chain: this.#chain };
    metrics.headStillness.set(labels, (now() - (this.#advancedAt ?? this.#since)) / 1000);
    if (this.#timestamp !== null) metrics.headAge.set(labels, now() / 1000 - this.#timestamp);
  }

  get health(): ChainHealth {
    return {
      chain: this.#chain,
      since: this.#since,
      number: this.#number,
      timestamp: this.#timestamp,
      advancedAt: this.#advancedAt,
    };
  }
}
