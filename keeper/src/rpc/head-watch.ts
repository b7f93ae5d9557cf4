import { toQuantity } from "ethers";
import { classifyRpcError } from "./classify.js";
import type { RpcFault } from "./fault.js";
import { type Head, headOf, type RawBlock } from "./head.js";
import type { RpcSender } from "./route.js";

/**
 * - head: a new one
 * - reorg: the block that was the head is not on the chain any more
 * - frozen: no head that is young enough; once, until it thaws
 * - skew: the head is further in the future than allowed: one's own clock is late, or the chain's early; once, until it is over
 * - fault: a poll failed
 */
export type HeadEvent =
  | { readonly kind: "head"; readonly head: Head }
  | { readonly kind: "reorg"; readonly from: Head; readonly to: Head }
  | { readonly kind: "frozen"; readonly head: Head | null; readonly ageSeconds: number }
  | { readonly kind: "thawed"; readonly head: Head }
  | { readonly kind: "skew"; readonly head: Head; readonly seconds: number }
  | { readonly kind: "fault"; readonly fault: RpcFault };

export interface HeadWatchOptions {
  /** A ChainProvider, whose head is the one that its nodes agree on, or any other. */
  readonly provider: RpcSender;
  readonly intervalMs: number;
  /** A head older than this is frozen; null where the chain's clock is not the world's. */
  readonly maxHeadAgeSeconds: number | null;
  /** A head further in the future than this is skewed; null as above. */
  readonly maxSkewSeconds?: number | null;
  readonly on: (event: HeadEvent) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly timers?: Pick<typeof globalThis, "setInterval" | "clearInterval">;
}

/** A poll that takes so many intervals is given up for a new one. */
const PATIENCE = 10;

/** Follows the head of a chain by polling. Its timer judges the head's age even while a poll hangs. */
export class HeadWatch {
  readonly #options: HeadWatchOptions;
  readonly #now: () => number;
  readonly #timers: Pick<typeof globalThis, "setInterval" | "clearInterval">;
  #timer: NodeJS.Timeout | null = null;
  #head: Head | null = null;
  #changedAt: number;
  #poll: { readonly since: number; readonly result: Promise<Head> } | null = null;
  #frozen = false;
  #skewed = false;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#timers = options.timers ?? globalThis;
    this.#changedAt = this.#now();
  }

  /** Poll now and at every interval. */
  start(): void {
    if (this.#timer !== null) return;
    this.#changedAt = this.#now();
    this.#timer = this.#timers.setInterval(() => this.#turn(), this.#options.intervalMs);
    this.#turn();
  }

  stop(): void {
    if (this.#timer !== null) this.#timers.clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Ask for the head now; the poll under way where there is one. @throws {RpcError} the nodes have none */
  poll(): Promise<Head> {
    const since = this.#now();
    const tooLong = PATIENCE * this.#options.intervalMs;
    if (this.#poll !== null && since - this.#poll.since < tooLong) return this.#poll.result;
    const poll = { since, result: this.#ask() };
    this.#poll = poll;
    const done = (): void => {
      if (this.#poll === poll) this.#poll = null;
    };
    poll.result.then(done, done);
    return poll.result;
  }

  #turn(): void {
    this.poll().catch(() => undefined);
    this.#judge();
  }

  async #ask(): Promise<Head> {
    const { provider, on } = this.#options;
    const before = this.#head;
    try {
      // Both in one POST: what stands where the last head stood tells whether it was left.
      const [latest, same] = await Promise.all([
        provider.send("eth_getBlockByNumber", ["latest", false]),
        before === null ? null : provider.send("eth_getBlockByNumber", [toQuantity(before.number), false]),
      ]);
      const head = headOf(latest as RawBlock);
      if (this.#head !== before || head.hash === before?.hash) return head;
      const stays = before === null || (same as RawBlock | null)?.hash === before.hash;
      // A node that fell behind is no news.
      if (before !== null && stays && head.number <= before.number) return before;
      this.#head = head;
      this.#changedAt = this.#now();
      if (!stays) on({ kind: "reorg", from: before, to: head });
      on({ kind: "head", head });
      this.#judge();
      return head;
    } catch (error) {
      on({ kind: "fault", fault: classifyRpcError(error) });
      throw error;
    }
  }

  /** The age counts from the head's own time, and from when it was first seen: a head from the future can freeze too. */
  #judge(): void {
    const { maxHeadAgeSeconds, maxSkewSeconds = null, on } = this.#options;
    const head = this.#head;
    const now = this.#now();
    const seconds = head === null ? 0 : head.timestamp - now / 1000;
    const ageSeconds = Math.max(-seconds, (now - this.#changedAt) / 1000);
    const frozen = maxHeadAgeSeconds !== null && ageSeconds > maxHeadAgeSeconds;
    const skewed = maxSkewSeconds !== null && seconds > maxSkewSeconds;
    if (frozen && !this.#frozen) on({ kind: "frozen", head, ageSeconds });
    if (!frozen && this.#frozen && head !== null) on({ kind: "thawed", head });
    if (skewed && !this.#skewed && head !== null) on({ kind: "skew", head, seconds });
    this.#frozen = frozen;
    this.#skewed = skewed;
  }
}
