import { KeeperError } from "../errors.js";

/** What feeds did over one and the same interval. */
export interface BlockReturns {
  /** End of the interval, unix seconds. */
  readonly time: number;
  /** Its length, seconds. */
  readonly elapsed: number;
  /** Log returns by feed. */
  readonly returns: readonly number[];
}

/**
 * Makes returns over common intervals of feeds that report when they like, from the prices in force at the intervals' ends. A block ends at
 * the first grid time by which all feeds have reported since it was opened: over less, a price that was not reported would be taken for one
 * that did not move.
 */
export class ReturnBlocks {
  readonly #step: number;
  readonly #onBlock: (block: BlockReturns) => void;
  readonly #logs: number[];
  /** By feed: whether it has reported since the block was opened. */
  readonly #reported: boolean[];
  #opened: { readonly time: number; readonly logs: readonly number[] } | undefined;
  /** The next grid time at which a block may end. */
  #next = Number.NaN;

  /**
   * @param feeds Number of feeds
   * @param step Blocks begin and end at multiples of this, seconds
   * @param onBlock Is told each block once it has ended
   */
  constructor(feeds: number, step: number, onBlock: (block: BlockReturns) => void) {
    if (!(step > 0)) throw new KeeperError(`Blocks of ${step} s.`, "Give a positive length.");
    this.#step = step;
    this.#onBlock = onBlock;
    this.#logs = new Array<number>(feeds).fill(Number.NaN);
    this.#reported = new Array<boolean>(feeds).fill(false);
  }

  /** Take in one price; prices come in the order of time. */
  observe(feed: number, time: number, logPrice: number): void {
    this.advance(time);
    // A price at a grid time is in force at it. Without a new price no later grid time can end a block.
    if (!(this.#next >= time)) this.#next = Math.ceil(time / this.#step) * this.#step;
    this.#logs[feed] = logPrice;
    this.#reported[feed] = true;
  }

  /** Take note that all prices before `time`, unix seconds, have come: a block that ends before it has ended. */
  advance(time: number): void {
    if (!(this.#next < time) || !this.#reported.every(Boolean)) return;
    const opened = this.#opened;
    const logs = [...this.#logs];
    this.#opened = { time: this.#next, logs };
    this.#reported.fill(false);
    if (opened === undefined) return;
    const returns = logs.map((log, feed) => log - opened.logs[feed]!);
    this.#onBlock({ time: this.#next, elapsed: this.#next - opened.time, returns });
  }
}
