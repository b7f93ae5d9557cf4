import { cleanRounds, type Round } from "./clean-rounds.js";
import { GridCovariance, type GridOptions } from "./grid-covariance.js";
import { repairCovariance } from "./psd.js";

/** Variance that a stable asset is given: one percent of volatility. */
const STABLE_VARIANCE = 1e-4;

/** What a forecaster is made for. */
export interface ForecasterOptions {
  /** By asset: left out of the estimate, and taken for uncorrelated. */
  readonly stable: readonly boolean[];
  readonly grid: GridOptions;
  readonly minSpanSeconds: number;
  readonly ridge: number;
}

/** The keeper's own covariance of log returns, from the feeds' rounds as they come in. */
export class Forecaster {
  readonly #options: ForecasterOptions;
  /** Asset indices that are estimated, in the estimator's order. */
  readonly #assets: readonly number[];
  readonly #estimate: GridCovariance;
  readonly #last: (Round | undefined)[];

  constructor(options: ForecasterOptions) {
    this.#options = options;
    this.#assets = options.stable.flatMap((stable, asset) => (stable ? [] : [asset]));
    this.#estimate = new GridCovariance(this.#assets.length, options.grid);
    this.#last = options.stable.map(() => undefined);
  }

  /** Take in new rounds by asset, in any order. Those already seen, and unusable ones, do nothing. */
  add(histories: readonly (readonly Round[])[]): void {
    const events = this.#assets.flatMap((asset, slot) => {
      const rounds = cleanRounds(histories[asset]!, this.#last[asset]);
      this.#last[asset] = rounds.at(-1) ?? this.#last[asset];
      return rounds.map(({ updatedAt, answer }) => ({ slot, updatedAt, logPrice: Math.log(Number(answer)) }));
    });
    events.sort((a, b) => a.updatedAt - b.updatedAt || a.slot - b.slot);
    for (const { slot, updatedAt, logPrice } of events) this.#estimate.observe(slot, updatedAt, logPrice);
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
