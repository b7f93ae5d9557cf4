import { KeeperError } from "../errors.js";
import { betas } from "./beta.js";
import type { BetaModel } from "./forecast/beta-model.js";
import { Forecaster, type ForecasterOptions } from "./forecaster.js";
import { ReturnBlocks } from "./return-blocks.js";
import { RoundStream } from "./round-stream.js";
import type { OracleRound } from "./rounds.js";

/** Learns betas from the feeds' rounds as they come in. */
export interface BetaSource {
  /** Take in new rounds by asset, in any order. Those already seen, and unusable ones, do nothing. */
  add(histories: readonly (readonly OracleRound[])[]): void;

  /**
   * By asset, then hedge: USD of the hedge that moves with one USD of the asset. Null as long as too little is known.
   */
  betas(): (readonly number[] | null)[];
}

/** Betas that follow from a covariance of all assets. */
export class CovarianceBetas implements BetaSource {
  readonly #forecaster: Forecaster;
  readonly #hedges: readonly number[];
  readonly #size: number;

  /** @param hedges Indices of the assets that have an instrument */
  constructor(hedges: readonly number[], options: ForecasterOptions) {
    checkHedges(hedges, options.stable.length);
    this.#forecaster = new Forecaster(options);
    this.#hedges = hedges;
    this.#size = options.stable.length;
  }

  add(histories: readonly (readonly OracleRound[])[]): void {
    this.#forecaster.add(histories);
  }

  betas(): (readonly number[] | null)[] {
    const covariance = this.#forecaster.forecast();
    return covariance === null ? new Array<null>(this.#size).fill(null) : betas(covariance, this.#hedges);
  }
}

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
export class BlockBetas implements BetaSource {
  readonly #options: BlockBetaOptions;
  readonly #stream: RoundStream;
  readonly #learners: readonly Learner[];

  constructor(options: BlockBetaOptions) {
    const { size, hedges, step } = options;
    checkHedges(hedges, size);
    this.#options = options;
    this.#stream = new RoundStream(size);
    this.#learners = Array.from({ length: size }, (_, asset) => asset)
      .filter((asset) => !hedges.includes(asset))
      .map((asset) => {
        const feeds = [asset, ...hedges];
        const model = options.model(hedges.length);
        const blocks = new ReturnBlocks(feeds.length, step, ({ time, elapsed, returns: [own, ...others] }) => {
          model.update(time, elapsed, own!, others);
        });
        return { asset, model, feeds, blocks };
      });
  }

  add(histories: readonly (readonly OracleRound[])[]): void {
    for (const { asset, time, logPrice } of this.#stream.add(histories)) {
      for (const { feeds, blocks } of this.#learners) {
        const feed = feeds.indexOf(asset);
        if (feed >= 0) blocks.observe(feed, time, logPrice);
        else blocks.advance(time);
      }
    }
  }

  betas(): (readonly number[] | null)[] {
    const { size, hedges } = this.#options;
    const learned = new Map(this.#learners.map(({ asset, model }) => [asset, model.betas()]));
    return Array.from({ length: size }, (_, asset) =>
      learned.has(asset) ? (learned.get(asset) ?? null) : hedges.map((hedge) => (hedge === asset ? 1 : 0)),
    );
  }
}

function checkHedges(hedges: readonly number[], size: number): void {
  const unknown = hedges.filter((hedge) => !(hedge >= 0 && hedge < size));
  if (unknown.length > 0) {
    throw new KeeperError(
      `There is no asset ${unknown.join(", ")} to hedge with.`,
      `Number them from 0 to ${size - 1}.`,
    );
  }
}
