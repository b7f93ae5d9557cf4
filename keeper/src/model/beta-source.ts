import { KeeperError } from "../errors.js";
import { betas } from "./beta.js";
import type { BetaModel } from "./forecast/beta-model.js";
import { Forecaster, type ForecasterOptions } from "./forecaster.js";
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

/** The interval that one asset's model learns from next. */
interface Block {
  readonly asset: number;
  readonly model: BetaModel;
  /** The asset, then the hedges. */
  readonly feeds: readonly number[];
  /** Which of them have reported since the block was opened. */
  readonly reported: boolean[];
  opened: { readonly time: number; readonly logs: readonly number[] } | undefined;
}

/**
 * Betas that a model learns from returns of the asset and its hedges over the same intervals, made of the rounds in
 * force at their ends. A block ends at the first grid time by which the asset's feed and all hedges' feeds have
 * reported since it was opened: over less, a price that was not reported would be taken for one that did not move. An
 * asset that is a hedge has itself as its beta.
 */
export class BlockBetas implements BetaSource {
  readonly #options: BlockBetaOptions;
  readonly #stream: RoundStream;
  readonly #blocks: readonly Block[];
  readonly #logs: number[];
  #next = Number.NaN;

  constructor(options: BlockBetaOptions) {
    checkHedges(options.hedges, options.size);
    if (!(options.step > 0)) throw new KeeperError(`Blocks of ${options.step} s.`, "Give a positive length.");
    this.#options = options;
    this.#stream = new RoundStream(options.size);
    this.#logs = new Array<number>(options.size).fill(Number.NaN);
    this.#blocks = Array.from({ length: options.size }, (_, asset) => asset)
      .filter((asset) => !options.hedges.includes(asset))
      .map((asset) => {
        const feeds = [asset, ...options.hedges];
        const model = options.model(options.hedges.length);
        return { asset, model, feeds, reported: feeds.map(() => false), opened: undefined };
      });
  }

  add(histories: readonly (readonly OracleRound[])[]): void {
    const { step } = this.#options;
    for (const { asset, time, logPrice } of this.#stream.add(histories)) {
      if (Number.isNaN(this.#next)) this.#next = Math.ceil(time / step) * step;
      // A round at a grid time is in force at it. Without a new round no later grid time can end a block.
      if (this.#next < time) {
        for (const block of this.#blocks) this.#close(block, this.#next);
        this.#next = Math.ceil(time / step) * step;
      }
      this.#logs[asset] = logPrice;
      for (const { feeds, reported } of this.#blocks) {
        const feed = feeds.indexOf(asset);
        if (feed >= 0) reported[feed] = true;
      }
    }
  }

  betas(): (readonly number[] | null)[] {
    const { size, hedges } = this.#options;
    const learned = new Map(this.#blocks.map(({ asset, model }) => [asset, model.betas()]));
    return Array.from({ length: size }, (_, asset) =>
      learned.has(asset) ? (learned.get(asset) ?? null) : hedges.map((hedge) => (hedge === asset ? 1 : 0)),
    );
  }

  #close(block: Block, time: number): void {
    if (!block.reported.every(Boolean)) return;
    const { opened, model } = block;
    const logs = block.feeds.map((feed) => this.#logs[feed]!);
    block.opened = { time, logs };
    block.reported.fill(false);
    if (opened === undefined) return;
    const [asset, ...hedges] = logs.map((log, i) => log - opened.logs[i]!);
    model.update(time, time - opened.time, asset!, hedges);
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
