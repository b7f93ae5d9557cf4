import { BlockBetas } from "./block-betas.js";
import type { Guard } from "./breakdown/guard.js";
import type { CovarianceEstimator } from "./covariance-estimator.js";
import { covarianceWithBetas } from "./covariance-with-betas.js";
import { MarketBlocks } from "./cycles/market-blocks.js";
import type { MarketState } from "./cycles/market-watch.js";
import type { BetaModel } from "./forecast/beta-model.js";
import { type LateFeed, LeadLagGuard } from "./lead-lag.js";
import { type ExpectedMove, ExpectedMoves } from "./margin/expected-moves.js";
import { repairCovariance } from "./psd.js";
import { RoundStream, type StreamDropReason } from "./round-stream.js";
import type { OracleRound } from "./rounds.js";

/** Variance that a stable asset is given: one percent of volatility. */
const STABLE_VARIANCE = 1e-4;
/** Length of the blocks that betas are learned from, seconds: what the methods were chosen on. */
const BLOCK = 3_600;

/** What a forecaster is made for. */
export interface ForecasterOptions {
  /** By asset: left out of the estimate, and taken for uncorrelated. */
  readonly stable: readonly boolean[];
  /** Indices of the assets that have an instrument. */
  readonly hedges: readonly number[];
  /** Makes what the covariance of so many assets is estimated by. */
  readonly estimator: (size: number) => CovarianceEstimator;
  /** Makes what learns one asset's betas on so many hedges. */
  readonly model: (hedges: number) => BetaModel;
  readonly minSpanSeconds: number;
  readonly ridge: number;
  /** What margin is sized by: the move of so many hours that is exceeded with this probability. */
  readonly moves: { readonly horizonHours: number; readonly exceedance: number };
}

/** What the keeper expects of the assets, all by asset. */
export interface Forecast {
  /** Annualised covariance of log returns, 1.0 = 100%² a year, positive semidefinite; towards the hedges by the betas. */
  readonly covariance: readonly (readonly number[])[];
  /** Indices of the assets that betas are on. */
  readonly hedges: readonly number[];
  /** As learned, by hedge; null where too little is known: the estimate's own are in the covariance then. */
  readonly betas: readonly (readonly number[] | null)[];
  /** Whether the asset still moves with the hedges; null where nothing watches that. */
  readonly guards: readonly (Guard | null)[];
  /** The regime of the market that the hedges are; null as long as too little is known. */
  readonly market: MarketState | null;
  /** How far up the asset may move before margin is topped up; null for one without an instrument. */
  readonly moves: readonly (ExpectedMove | null)[];
}

/**
 * The keeper's own forecast from the feeds' rounds as they come in: a covariance of all assets by an estimator, in which the betas of assets
 * on hedges are those that a model learns from blocks of the same rounds.
 */
export class Forecaster {
  readonly #options: ForecasterOptions;
  /** Asset indices that are estimated, in the estimator's order. */
  readonly #assets: readonly number[];
  readonly #hedges: readonly number[];
  readonly #estimate: CovarianceEstimator;
  readonly #blocks: BlockBetas;
  readonly #stream: RoundStream;
  readonly #guard: LeadLagGuard;
  readonly #market: MarketBlocks;
  readonly #moves: ExpectedMoves;

  constructor(options: ForecasterOptions) {
    const { stable, hedges, estimator, model } = options;
    this.#options = options;
    this.#assets = stable.flatMap((isStable, asset) => (isStable ? [] : [asset]));
    this.#hedges = hedges.filter((hedge) => !stable[hedge]);
    const size = this.#assets.length;
    this.#estimate = estimator(size);
    this.#blocks = new BlockBetas({
      ...{ size, step: BLOCK, model },
      hedges: this.#hedges.map((hedge) => this.#assets.indexOf(hedge)),
    });
    this.#stream = new RoundStream(size);
    this.#guard = new LeadLagGuard(size);
    const own = this.#hedges.map((hedge) => this.#assets.indexOf(hedge));
    this.#market = new MarketBlocks(size, own, BLOCK);
    this.#moves = new ExpectedMoves(own, options.moves);
  }

  /** By asset: how many rounds were dropped so far, by reason; null for a stable asset. */
  get dropped(): (Readonly<Record<StreamDropReason, number>> | null)[] {
    return this.#byAsset(this.#stream.dropped);
  }

  /**
   * Feeds that have long reported later than another what moves both, by asset: what is estimated from them is too
   * small.
   */
  get late(): LateFeed[] {
    return this.#guard.late().map((flag) => ({
      ...flag,
      late: this.#assets[flag.late]!,
      early: this.#assets[flag.early]!,
    }));
  }

  /** Take in new rounds by asset, in any order. Those already seen, and unusable ones, do nothing. */
  add(histories: readonly (readonly OracleRound[])[]): void {
    const ticks = this.#stream.add(this.#assets.map((asset) => histories[asset]!));
    for (const { asset, time, logPrice } of ticks) {
      this.#estimate.observe(asset, time, logPrice);
      this.#blocks.observe(asset, time, logPrice);
      this.#guard.observe(asset, time, logPrice);
      this.#market.observe(asset, time, logPrice);
      this.#moves.observe(asset, time, logPrice);
    }
  }

  /** Null before the rounds cover enough time. */
  forecast(): Forecast | null {
    if (this.#assets.length === 0 || this.#estimate.span < this.#options.minSpanSeconds) return null;
    const estimated = repairCovariance(this.#estimate.covariance(), this.#options.ridge);
    const learned = this.#blocks.betas();
    const hedges = this.#hedges.map((hedge) => this.#assets.indexOf(hedge));
    const covariance = covarianceWithBetas(estimated, hedges, learned);
    return {
      covariance: this.#options.stable.map((stable, i) =>
        this.#options.stable.map((otherStable, j) => {
          if (stable || otherStable) return i === j ? STABLE_VARIANCE : 0;
          return covariance[this.#assets.indexOf(i)]![this.#assets.indexOf(j)]!;
        }),
      ),
      hedges: this.#hedges,
      betas: this.#byAsset(learned),
      guards: this.#byAsset(this.#blocks.guards()),
      market: this.#market.state,
      moves: this.#byAsset(this.#assets.map((_, asset) => this.#moves.of(asset))),
    };
  }

  #byAsset<T>(values: readonly T[]): (T | null)[] {
    return this.#options.stable.map((stable, asset) => (stable ? null : values[this.#assets.indexOf(asset)]!));
  }
}
