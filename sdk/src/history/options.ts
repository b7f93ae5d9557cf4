import type { HistoryCursor } from "./cursor.js";
import type { VaultEvent, VaultEventName } from "./events.js";
import type { Completeness } from "./gaps.js";
import type { RetryOptions } from "./node.js";

/** What of a history is read, and how. */
export interface HistoryOptions {
  /** First block; that of the vault's creation by default, see {@link historyStart}. */
  from?: number | undefined;
  /** Last block; the head of the chain, as far as `finality` says, by default. */
  to?: number | undefined;
  /** Where an earlier read stopped. */
  cursor?: HistoryCursor | undefined;
  /** Only these events. The fewer, the fewer of the counters of `completeness` apply. */
  names?: readonly VaultEventName[] | undefined;
  /**
   * Up to which block: the head ("latest", the default), the block that the node calls safe or final, or so many blocks below the head. Below
   * "finalized" no event is ever taken back.
   */
  finality?: "latest" | "safe" | "finalized" | number | undefined;
  /**
   * How missing events are found, as nodes do drop logs (an index that is behind, a list that was cut):
   * - "counters" (the default): at the end of every page the chain's own counters (shares, shares in the queue, plans of the Rebalancer, which
   *   contracts are the vault's) must be what the events add up to; where they are not, the range is read again in halves down to the block
   *   with the gap. Costs five calls a page, in the same batch. It finds every missing deposit, exit, settlement, fee, plan, mint, burn and
   *   transfer to or from the queue. Blocks that can still be replaced are checked as by "headers" besides, as an index lags there.
   * - "headers": the bloom filter of every block must not name a contract and an event that were not told; blocks that may have one are read
   *   by their hash. It finds whole events of any kind. Costs a header a block, in batches of a hundred.
   * - "none": believes the node.
   */
  completeness?: Completeness | undefined;
  /** Blocks that one request spans at most, 100,000 by default. Nodes that give fewer are found out. */
  maxRange?: number | undefined;
  /** Blocks below the head that a reorg may replace whatever the node calls final, 64 by default. */
  reorgDepth?: number | undefined;
  retry?: RetryOptions | undefined;
  /** Told of each range that was read. */
  onProgress?: ((progress: HistoryProgress) => void) | undefined;
  /** Ends the read with the error ABORTED, whose `cursor` goes on where it stopped. */
  signal?: AbortSignal | undefined;
}

/** How far a read has come. */
export interface HistoryProgress {
  readonly from: number;
  /** Last block that will be read. */
  readonly to: number;
  /** Everything below this block is told. */
  readonly next: number;
  /** 0 to 1. */
  readonly fraction: number;
  /** Of this read. */
  readonly events: number;
  /** To the node, of this read. */
  readonly requests: number;
}

/** A piece of a history. */
export interface HistoryPage {
  /** Blocks that it covers, both included. */
  readonly from: number;
  readonly to: number;
  /** In the order of the chain. */
  readonly events: readonly VaultEvent[];
  /**
   * What a reorg has taken back: every event told of blocks above `to`, the newest first; such a page has no events, those that took their
   * place are in the pages after it.
   */
  readonly reorg: { readonly to: number; readonly removed: readonly VaultEvent[] } | null;
  /** Goes on after this page. */
  readonly cursor: HistoryCursor;
}
