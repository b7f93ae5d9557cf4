import { KeeperError } from "../errors.js";
import { canGuard, type Guard } from "./breakdown/guard.js";
import type { BetaModel } from "./forecast/beta-model.js";
import { ReturnBlocks } from "./return-blocks.js";

/** What betas from blocks are made by. */
export interface BlockBetaOptions {
  /** Number of assets. */
  readonly size: number;
  /** Indices of the assets that have an instrument. */
  readonly hedges: readonly number[];
  /** Blocks begin and end at multiples of this, seconds. */
  readonly step: number;
  /** Makes what learns one asset's betas on so many hedges. */
  readonly model: (hedges: number) => BetaModel;
}

/** What learns one asset's betas. */
interface Learner {
  readonly asset: number;
  readonly model: BetaModel;
  /** The asset, then the hedges: the feeds of its blocks. */
  readonly feeds: readonly number[];
  readonly blocks: ReturnBlocks;
}

/**
 * Betas that a model learns from returns of the asset and its hedges over the same intervals. An asset that is a hedge
 * has itself as its beta.
 */
export class BlockBetas {
  readonly #options: BlockBetaOptions;
  readonly #learners: readonly Learner[];

  /** @throws KeeperError where a hedge is not among the assets, or blocks have no length */
  constructor(options: BlockBetaOptions) {
    const { size, hedges, step } = options;
    const unknown = hedges.filter((hedge) => !(hedge >= 0 && hedge < size));
    if (unknown.length > 0) {
      throw new KeeperError(
        `There is no asset ${unknown.join(", ")} to hedge with.`,
        `Number them from 0 to ${size - 1}.`,
      );
    }
    this.#options = options;
    this.#learners = Array.from({ length: size }, (_, asset) => asset)
      .filter((asset) => hedges.length > 0 && !hedges.includes(asset))
      .map((asset) => {
        const feeds = [asset, ...hedges];
        const model = options.model(hedges.length);
        const blocks = new ReturnBlocks(feeds.length, step, ({ time, elapsed, returns: [own, ...others] }) => {
          model.update(time, elapsed, own!, others);
        });
        return { asset, model, feeds, blocks };
      });
  }

  /**
   * Take in one price.
   *
   * @param asset Index
   * @param time Unix seconds: no earlier than any before
   * @param logPrice Natural logarithm, any unit
   */
  observe(asset: number, time: number, logPrice: number): void {
    for (const { feeds, blocks } of this.#learners) {
      const feed = feeds.indexOf(asset);
      if (feed >= 0) blocks.observe(feed, time, logPrice);
      else blocks.advance(time);
    }
  }

  /** By asset, then hedge: USD of the hedge that moves with one USD of the asset. Null as long as too little is known. */
  betas(): (readonly number[] | null)[] {
    const { size, hedges } = this.#options;
    const learned = new Map(this.#learners.map(({ asset, model }) => [asset, model.betas()]));
    return Array.from({ length: size }, (_, asset) =>
      learned.has(asset) ? (learned.get(asset) ?? null) : hedges.map((hedge) => (hedge === asset ? 1 : 0)),
    );
  }

  /** By asset: what the model says of whether the relation still holds; null for a hedge, and for a model that does not watch it. */
  guards(): (Guard | null)[] {
    const guards = new Map(
      this.#learners.map(({ asset, model }) => [asset, canGuard(model) ? model.guard() : null] as const),
    );
    return Array.from({ length: this.#options.size }, (_, asset) => guards.get(asset) ?? null);
  }
}
