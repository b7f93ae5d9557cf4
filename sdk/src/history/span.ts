import type { Refusal } from "./nodeErrors.js";

/** A provider that gives many logs at once is asked for more. */
const FEW_LOGS = 2_000;
const QUICK_MS = 3_000;
/** Answers after a refusal before more is asked for again. */
const PATIENCE = 4;

/** How many blocks the next request spans: more while answers are small and quick, fewer where a node refuses. */
export class AdaptiveSpan {
  #blocks: number;
  #most: number;
  #wait = 0;

  /** @param most Blocks that no request exceeds */
  constructor(most: number, first = 2_000) {
    this.#most = most;
    this.#blocks = Math.min(first, most);
  }

  get blocks(): number {
    return this.#blocks;
  }

  /** A range was answered. */
  answered(blocks: number, logs: number, milliseconds: number): void {
    if (this.#wait > 0) {
      this.#wait -= 1;
      return;
    }
    if (blocks < this.#blocks || logs > FEW_LOGS || milliseconds > QUICK_MS) return;
    this.#blocks = Math.min(this.#most, this.#blocks * 2);
  }

  /**
   * A range was refused.
   *
   * @param asked Blocks that it had
   * @returns False where it cannot be smaller
   */
  refused(asked: number, { blocks, lasting }: Extract<Refusal, { kind: "range" }>): boolean {
    if (asked <= 1) return false;
    // Some nodes offer the very range that they refuse.
    const offered = blocks !== null && blocks < asked ? blocks : null;
    if (offered !== null && lasting) this.#most = Math.min(this.#most, offered);
    this.#blocks = Math.max(1, Math.min(this.#most, offered ?? Math.floor(asked / 2)));
    this.#wait = PATIENCE;
    return true;
  }
}
