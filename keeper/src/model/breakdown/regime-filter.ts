import { clip } from "../clip.js";
import { ExponentialCorrelation } from "./exponential-correlation.js";
import { ExponentialMean } from "./exponential-mean.js";
import { ResidualRatio } from "./residual-ratio.js";

/** Chance in an hour that the relation breaks, and that it comes back: once in 180 d, for 14 d. */
const BREAKS = 1 / (180 * 24);
const MENDS = 1 / (14 * 24);
/** Half-life of the correlation that a whole relation is taken to have, hours. */
const RELATION_HALF_LIFE = 168;
const VARIANCE_HALF_LIFE = 720;
/** Hours of the overall variance that each regime's variance begins with. */
const PRIOR_HOURS = 24;
/** One hour moves the log odds by no more than this. */
const CLIP = 3;

/** Whether a hedge still works, and how much its return varies if it does and if it does not. */
export interface RegimeBelief {
  /** Probability that the relation holds. */
  readonly holds: number;
  /** Variance of the hedge's hourly return while it holds. */
  readonly varianceHolding: number;
  /** The same while it is broken. */
  readonly varianceBroken: number;
}

/**
 * Two regimes that an hour may be in, filtered (Hamilton 1989): the asset goes along with the hedge as in the last weeks, or not at all. It
 * is judged against the relation of late and not the lagged reference: a model of betas that has learned a weaker relation is right again.
 */
export class RegimeFilter {
  readonly #relation = new ExponentialCorrelation(RELATION_HALF_LIFE);
  readonly #ratio = new ResidualRatio();
  readonly #variance = new ExponentialMean(VARIANCE_HALF_LIFE);
  readonly #holding = new ExponentialMean(VARIANCE_HALF_LIFE);
  readonly #broken = new ExponentialMean(VARIANCE_HALF_LIFE);
  #holds = MENDS / (BREAKS + MENDS);

  /**
   * Take in one hour.
   *
   * @param asset, hedge Standardised returns
   * @param hedgeReturn The hedge's return as it was
   */
  add(asset: number, hedge: number, hedgeReturn: number): void {
    const relation = Math.max(this.#relation.correlation ?? 0, 0);
    const before = this.#holds * (1 - BREAKS) + (1 - this.#holds) * MENDS;
    const logRatio = clip(this.#ratio.next(asset, hedge, relation, 0), CLIP);
    this.#holds = 1 / (1 + ((1 - before) / before) * Math.exp(logRatio));
    this.#relation.add(asset, hedge);

    const square = hedgeReturn * hedgeReturn;
    this.#variance.add(square);
    this.#holding.add(square, this.#holds);
    this.#broken.add(square, 1 - this.#holds);
  }

  belief(): RegimeBelief {
    return {
      holds: this.#holds,
      varianceHolding: this.#varianceIn(this.#holding),
      varianceBroken: this.#varianceIn(this.#broken),
    };
  }

  #varianceIn(regime: ExponentialMean): number {
    const overall = this.#variance.mean ?? 0;
    const { mean, weight } = regime;
    return ((mean ?? 0) * weight + overall * PRIOR_HOURS) / (weight + PRIOR_HOURS);
  }
}
