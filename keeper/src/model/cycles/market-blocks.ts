import { ReturnBlocks } from "../return-blocks.js";
import { type MarketState, MarketWatch } from "./market-watch.js";

/** Lets a watch of the market learn from prices that come in when they like: over blocks in which all that it compares has reported. */
export class MarketBlocks {
  readonly #watch: MarketWatch;
  readonly #blocks: readonly { readonly feeds: readonly number[]; readonly blocks: ReturnBlocks }[];

  /**
   * @param size Number of assets
   * @param hedges Indices of those that are the market; all of them where there are none
   * @param step Blocks begin and end at multiples of this, seconds
   */
  constructor(size: number, hedges: readonly number[], step: number) {
    const all = Array.from({ length: size }, (_, asset) => asset);
    const market = hedges.length > 0 ? hedges : all;
    const others = all.filter((asset) => !market.includes(asset));
    const watch = new MarketWatch(others.length);
    const moves = new ReturnBlocks(market.length, step, ({ time, elapsed, returns }) => {
      watch.market(time, elapsed, returns);
    });
    this.#watch = watch;
    this.#blocks = [
      { feeds: market, blocks: moves },
      ...others.map((asset, number) => ({
        feeds: [asset, ...market],
        blocks: new ReturnBlocks(1 + market.length, step, ({ time, elapsed, returns: [own, ...rest] }) => {
          watch.relation(number, time, elapsed, own!, rest);
        }),
      })),
    ];
  }

  get state(): MarketState | null {
    return this.#watch.state;
  }

  /** Take in one price; they come in the order of time. */
  observe(asset: number, time: number, logPrice: number): void {
    for (const { feeds, blocks } of this.#blocks) {
      const feed = feeds.indexOf(asset);
      if (feed >= 0) blocks.observe(feed, time, logPrice);
      else blocks.advance(time);
    }
  }
}
