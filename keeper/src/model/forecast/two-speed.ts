import { KeeperError } from "../../errors.js";
import { betas as regress } from "../beta.js";
import { clip } from "../clip.js";
import type { BetaModel } from "./beta-model.js";
import { EwmaCovariance } from "./ewma.js";
import { Intervals } from "./intervals.js";

/** Standardised returns are clipped to this many deviations for the correlations, and to twice as many for the volatilities. */
const CLIP = 4;

/** How volatilities and correlations forget. */
export interface TwoSpeedOptions {
  /** Of the volatilities, seconds. */
  readonly volatilityHalfLife: number;
  /** Of the correlations, seconds. */
  readonly correlationHalfLife: number;
  /** Known returns before there are betas, seconds. */
  readonly minimum: number;
}

/**
 * Betas from volatilities that forget fast and correlations that forget slowly (iterated EWMA, Johansson et al. 2023): when an asset
 * becomes wilder than its hedges, its betas follow within days.
 */
export class TwoSpeedBeta implements BetaModel {
  readonly #options: TwoSpeedOptions;
  readonly #intervals: Intervals;
  /** Variances per second, of the asset and then of the hedges. */
  readonly #variances: Float64Array;
  readonly #standardised: number[];
  readonly #correlations: EwmaCovariance;
  #known = 0;

  /** @param hedges Number of hedges */
  constructor(hedges: number, options: TwoSpeedOptions) {
    if (!(options.volatilityHalfLife > 0) || !(options.correlationHalfLife > 0)) {
      throw new KeeperError("A half-life is not positive.", "Give both in seconds.");
    }
    this.#options = options;
    this.#intervals = new Intervals(hedges);
    this.#variances = new Float64Array(hedges + 1);
    this.#standardised = new Array<number>(hedges + 1).fill(0);
    this.#correlations = new EwmaCovariance(hedges + 1, options.correlationHalfLife);
  }

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    const since = this.#intervals.accept(time, elapsed, asset, hedges);
    // The first day is averaged plainly, as no volatility is known yet.
    const keep = 2 ** (-since / this.#options.volatilityHalfLife);
    const gain = this.#known < 86_400 ? elapsed / (this.#known + elapsed) : 1 - keep;
    this.#standardised[0] = this.#standardise(0, asset, gain, elapsed);
    for (let j = 0; j < hedges.length; j++) {
      this.#standardised[j + 1] = this.#standardise(j + 1, hedges[j]!, gain, elapsed);
    }
    this.#correlations.update(since, this.#standardised);
    this.#known += elapsed;
  }

  betas(): readonly number[] | null {
    if (this.#known < this.#options.minimum) return null;
    const moments = this.#correlations.covariance();
    if (moments === null || moments.some((row, i) => row[i] === 0)) return null;
    const scale = moments.map((row, i) => Math.sqrt(this.#variances[i]! / row[i]!));
    const covariance = moments.map((row, i) => row.map((moment, j) => moment * scale[i]! * scale[j]!));
    return regress(
      covariance,
      moments.slice(1).map((_, j) => j + 1),
    )[0]!;
  }

  /** A return over its volatility so far, clipped; the volatility then learns from it. Zero as long as there is none. */
  #standardise(index: number, value: number, gain: number, elapsed: number): number {
    const variance = this.#variances[index]!;
    const known = this.#known >= 86_400 && variance > 0;
    const deviation = Math.sqrt(variance * elapsed);
    const counted = known ? clip(value, 2 * CLIP * deviation) : value;
    this.#variances[index] = variance + gain * ((counted * counted) / elapsed - variance);
    return known ? clip(value / deviation, CLIP) : 0;
  }
}
