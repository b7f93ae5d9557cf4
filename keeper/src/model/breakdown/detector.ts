import { KeeperError } from "../../errors.js";
import { Hysteresis } from "./hysteresis.js";
import { type RegimeBelief, RegimeFilter } from "./regime-filter.js";
import { Standardiser } from "./standardise.js";
import { BreakStatistics, type Measured } from "./statistics.js";
import type { Statistics } from "./thresholds.js";
import { WindowCorrelation } from "./window-correlation.js";

const HOUR = 3600;
/** Window of the correlation that says whether a break is over, hours. */
const WINDOW = 168;

/** What is known of a relation after an hour. */
export interface BreakdownState {
  /** End of the hour, unix seconds. */
  readonly time: number;
  readonly alarmed: boolean;
  /** When the last alarm began, unix seconds; null before the first. */
  readonly alarmedAt: number | null;
  /** ρ0; null in the first 28 days, and where there is no relation that could break. */
  readonly reference: number | null;
  /** Correlation over the last 7 days. */
  readonly correlation: number | null;
  /** Statistics over their thresholds: at one or above, an alarm. */
  readonly levels: Statistics | null;
  readonly belief: RegimeBelief;
}

/** Returns that are not what the detector was calibrated for. */
export class BreakdownInputError extends KeeperError {}

/**
 * Notices that an asset no longer moves with its hedge. Three statistics of standardised hourly returns watch for it: Fisher's z over
 * 48 h (hard breaks), the sum of likelihood ratios of the correlation (also a rise of the asset's own noise), and that of the beta. Any of
 * them raises the alarm; with no break, at most once in 180 days on average. It ends by hysteresis. The probability that the relation holds
 * is filtered beside it.
 */
export class BreakdownDetector {
  readonly #asset = new Standardiser();
  readonly #hedge = new Standardiser();
  readonly #statistics: BreakStatistics;
  readonly #window = new WindowCorrelation(WINDOW);
  readonly #regime = new RegimeFilter();
  readonly #hysteresis = new Hysteresis();
  #last = Number.NEGATIVE_INFINITY;
  #alarmedAt: number | null = null;

  /** @param thresholds By reference correlation; those calibrated if left out */
  constructor(thresholds?: (reference: number) => Statistics) {
    this.#statistics = new BreakStatistics(thresholds);
  }

  /**
   * Take in one hour. Hours in which a return is unknown are left out.
   *
   * @param time End of the hour, unix seconds
   * @param asset Return of the asset over it
   * @param hedge Return over it of its hedge: of one instrument, or of all, weighted by betas that were known before
   * @throws {@link BreakdownInputError} for returns that are not numbers, or that come out of order or less than an hour apart
   */
  update(time: number, asset: number, hedge: number): BreakdownState {
    if (!Number.isFinite(asset) || !Number.isFinite(hedge)) {
      throw new BreakdownInputError(`Returns of ${asset} and ${hedge} at ${time}.`, "Leave unknown returns out.");
    }
    if (!(time >= this.#last + HOUR)) {
      throw new BreakdownInputError(
        `A return at ${time} after one at ${this.#last}.`,
        "Give hourly returns, in the order of time.",
      );
    }
    this.#last = time;
    const [first, second] = [this.#asset.next(asset), this.#hedge.next(hedge)];
    if (first === null || second === null) return this.#state(time, null);
    this.#window.add(first, second);
    this.#regime.add(first, second, hedge);
    const measured = this.#statistics.next(first, second);
    if (this.#hysteresis.next(measured, this.#window.correlation)) this.#alarmedAt = time;
    return this.#state(time, measured);
  }

  #state(time: number, measured: Measured | null): BreakdownState {
    return {
      time,
      alarmed: this.#hysteresis.alarmed,
      alarmedAt: this.#alarmedAt,
      reference: measured?.reference ?? null,
      correlation: this.#window.correlation,
      levels: measured?.levels ?? null,
      belief: this.#regime.belief(),
    };
  }
}
