import type { Journal, LaneHold } from "../store/journal.js";
import type { LaneListener } from "./lane.js";

interface Holder {
  readonly journal: Journal;
  readonly chainId: number;
  readonly signer: string;
  readonly owner: string;
  readonly leaseMilliseconds: number;
  readonly now: () => number;
  readonly listener: Partial<LaneListener>;
}

/** The right to sign, taken and kept. */
export class LaneHolder {
  readonly #of: Holder;
  #hold: LaneHold | null = null;
  #renewedAt = 0;

  constructor(of: Holder) {
    this.#of = of;
  }

  /** @returns Null while somebody else has it */
  async take(): Promise<LaneHold | null> {
    const { journal, chainId, signer, owner, leaseMilliseconds, now, listener } = this.#of;
    this.#renewedAt = now();
    this.#hold = await journal.takeLane(chainId, signer, owner, leaseMilliseconds);
    listener.lane?.({ state: this.#hold === null ? "standby" : "held", term: this.#hold?.term ?? null });
    return this.#hold;
  }

  /**
   * Renewed where a third of its time is over.
   * @throws {LaneLostError} somebody else has it
   */
  async keep(hold: LaneHold): Promise<void> {
    const { journal, leaseMilliseconds, now } = this.#of;
    const time = now();
    if (Math.abs(time - this.#renewedAt) < leaseMilliseconds / 3) return;
    await journal.renewLane(hold, leaseMilliseconds);
    this.#renewedAt = time;
  }

  async release(): Promise<void> {
    const { journal, listener } = this.#of;
    const hold = this.#hold;
    if (hold === null) return;
    this.#hold = null;
    await journal.releaseLane(hold);
    listener.lane?.({ state: "free", term: hold.term });
  }
}
