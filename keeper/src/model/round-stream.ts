import { type CleanOptions, type DropReason, RoundCleaner } from "./clean-rounds.js";
import type { OracleRound } from "./rounds.js";

/** An observed price. */
export interface Tick {
  /** Index. */
  readonly asset: number;
  /** Unix seconds. */
  readonly time: number;
  /** Natural logarithm of the answer in the feed's decimals. */
  readonly logPrice: number;
}

/**
 * Why a round did not become a tick; `late` if its feed was read after others of a later time: the feed's next return
 * covers it.
 */
export type StreamDropReason = DropReason | "late";

/** The rounds of several feeds as one stream of ticks in the order of time. */
export class RoundStream {
  readonly #cleaners: readonly RoundCleaner[];
  readonly #late: number[];
  #clock = Number.NEGATIVE_INFINITY;

  /** @param size Number of feeds */
  constructor(size: number, options: Partial<CleanOptions> = {}) {
    this.#cleaners = Array.from({ length: size }, () => new RoundCleaner(options));
    this.#late = new Array<number>(size).fill(0);
  }

  /** By feed: how many rounds were dropped so far, by reason. */
  get dropped(): Readonly<Record<StreamDropReason, number>>[] {
    return this.#cleaners.map(({ dropped }, feed) => ({ ...dropped, late: this.#late[feed]! }));
  }

  /**
   * Take in rounds by feed, in any order. Those that an earlier call has brought may be among them again.
   *
   * @returns The ticks among them, ascending by time, then by asset
   */
  add(histories: readonly (readonly OracleRound[])[]): Tick[] {
    const ticks = this.#cleaners.flatMap((cleaner, asset) => {
      const { newest } = cleaner;
      const fresh = histories[asset]!.filter(({ roundId }) => newest === undefined || roundId > newest);
      const clean = cleaner.add(fresh);
      const timely = clean.filter(({ updatedAt }) => updatedAt >= this.#clock);
      this.#late[asset]! += clean.length - timely.length;
      return timely.map(({ updatedAt, answer }) => ({ asset, time: updatedAt, logPrice: Math.log(Number(answer)) }));
    });
    ticks.sort((a, b) => a.time - b.time || a.asset - b.asset);
    this.#clock = ticks.at(-1)?.time ?? this.#clock;
    return ticks;
  }
}
