import type { Logger } from "../logger.js";
import type { Monitor } from "../monitor/monitor.js";
import type { Head } from "../rpc/head.js";
import type { HeadEvent } from "../rpc/head-watch.js";
import type { FeedWatch } from "./feed-watch.js";
import type { ConnectedChain } from "./fleet-types.js";
import type { Vitals } from "./vitals.js";

/** What hears of a chain's news. */
export interface ChainListener {
  onHead(head: Head): void;
  onReorg(): Promise<void>;
  /** A feed of this vault has a new round. */
  wake(vault: string): void;
}

export interface ChainWatchOptions {
  readonly name: string;
  readonly connected: ConnectedChain;
  readonly feeds: FeedWatch;
  readonly listener: ChainListener;
  readonly vitals: Vitals;
  readonly monitor: Pick<Monitor, "vault" | "head">;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Follows a chain's heads: with each, one read tells which vaults have news from their feeds. */
export class ChainWatch {
  readonly #options: ChainWatchOptions;
  readonly #heads: { start(): void; stop(): void };
  #looking: Promise<void> | null = null;
  /** The latest that has not been looked at. */
  #next: Head | null = null;

  constructor(options: ChainWatchOptions) {
    this.#options = options;
    this.#heads = options.connected.heads((event) => this.#on(event));
  }

  start(): void {
    this.#heads.start();
  }

  async stop(): Promise<void> {
    this.#heads.stop();
    await this.#looking;
  }

  #on(event: HeadEvent): void {
    this.#note(event);
    if (event.kind === "head") this.#look(event.head);
    if (event.kind !== "reorg") return;
    const { name, listener, logger } = this.#options;
    listener.onReorg().catch((error: Error) => {
      logger.warn({ chain: name, error: error.message }, "what the reorg undid is looked for with the next tick");
    });
    this.#look(event.to);
  }

  #note(event: HeadEvent): void {
    const { name, vitals, monitor, now, logger, connected } = this.#options;
    switch (event.kind) {
      case "head":
        vitals.chain(name, now(), null);
        monitor.head({ chainId: connected.chainId, ...event.head });
        break;
      case "reorg":
        logger.warn({ chain: name, from: event.from.number, to: event.to.number }, "blocks were left by a reorg");
        break;
      case "thawed":
        vitals.chain(name, now(), null);
        break;
      case "frozen":
        logger.warn({ chain: name, ageSeconds: event.ageSeconds }, "the head is frozen");
        vitals.chain(name, now(), `its head is ${event.ageSeconds} s old`);
        break;
      case "fault":
        vitals.chain(name, now(), event.fault.meaning, false);
        break;
      case "skew":
        logger.warn({ chain: name, seconds: event.seconds }, "this machine's clock differs from the chain's");
    }
  }

  /** One look at a time; of heads that come meanwhile the latest counts. */
  #look(head: Head): void {
    this.#options.listener.onHead(head);
    this.#next = head;
    this.#looking ??= this.#lookAtAll().finally(() => {
      this.#looking = null;
    });
  }

  async #lookAtAll(): Promise<void> {
    const { connected, feeds, listener, logger, name } = this.#options;
    for (let head = this.#take(); head !== null; head = this.#take()) {
      try {
        const { provider, multicall } = connected;
        const at = { provider, multicall, blockNumber: head.number, blockHash: head.hash };
        for (const vault of await feeds.news(at)) listener.wake(vault);
      } catch (error) {
        logger.warn({ chain: name, error: (error as Error).message }, "the feeds cannot be read");
      }
    }
  }

  #take(): Head | null {
    const head = this.#next;
    this.#next = null;
    return head;
  }
}
