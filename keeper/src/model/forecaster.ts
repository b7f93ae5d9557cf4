import type { CovarianceEstimator } from "./covariance-estimator.js";
import { type LateFeed, LeadLagGuard } from "./lead-lag.js";
import { repairCovariance } from "./psd.js";
import { RoundStream, type StreamDropReason } from "./round-stream.js";
import type { OracleRound } from "./rounds.js";

/** Variance that a stable asset is given: one percent of volatility. */
const STABLE_VARIANCE = 1e-4;

/** What a forecaster is made for. */
export interface ForecasterOptions {
  /** By asset: left out of the estimate, and taken for uncorrelated. */
  readonly stable: readonly boolean[];
  /** Makes what the covariance of so many assets is estimated by. */
  readonly estimator: (size: number) => CovarianceEstimator;
  readonly minSpanSeconds: number;
  readonly ridge: number;
}

/** The keeper's own covariance of log returns, from the feeds' rounds as they come in. */
export class Forecaster {
  readonly #options: ForecasterOptions;
  /** Asset indices that are estimated, in the estimator's order. */
  readonly #assets: readonly number[];
  readonly #estimate: CovarianceEstimator;
  readonly #stream: RoundStream;
  readonly #guard: LeadLagGuard;

  constructor(options: ForecasterOptions) {
    this.#options = options;
    this.#assets = options.stable.flatMap((stable, asset) => (stable ? [] : [asset]));
    this.#estimate = options.estimator(this.#assets.length);
    this.#stream = new RoundStream(this.#assets.length);
    this.#guard = new LeadLagGuard(this.#assets.length);
  }

  /** By asset: how many rounds were dropped so far, by reason; null for a stable asset. */
  get dropped(): (Readonly<Record<StreamDropReason, number>> | null)[] {
    const dropped = this.#stream.dropped;
    return this.#options.stable.map((stable, asset) => (stable ? null : dropped[this.#assets.indexOf(asset)]!));
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
      this.#guard.observe(asset, time, logPrice);
    }
  }

  /** Annualised, positive semidefinite, by asset; null before the rounds cover enough time. */
  forecast(): number[][] | null {
    if (this.#assets.length === 0 || this.#estimate.span < this.#options.minSpanSeconds) return null;
    const estimated = repairCovariance(this.#estimate.covariance(), this.#options.ridge);
    return this.#options.stable.map((stable, i) =>
      this.#options.stable.map((otherStable, j) => {
        if (stable || otherStable) return i === j ? STABLE_VARIANCE : 0;
        return estimated[this.#assets.indexOf(i)]![this.#assets.indexOf(j)]!;
      }),
    );
  }
}
