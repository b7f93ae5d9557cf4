import { ForecastErrors } from "./carry/forecast-errors.js";
import { holdingDays } from "./carry/holding-time.js";
import type { CarryOutlook } from "./carry/outlook.js";

/** Seconds. */
const DAY = 86_400;
const DAYS_A_YEAR = 365;
/** A root nearer to one would let the forecast run away. */
const MOST_PERSISTENT = 0.99;
/** Days of the forecasts whose errors are remembered. */
const JUDGED_DAYS = 7;

/** How funding is forecast. */
export interface FundingOptions {
  /** N of the exponential average, whose newest day weighs 2/(N + 1). */
  readonly span?: number;
  /** Days that must be known before there is a forecast. */
  readonly warmUpDays?: number;
}

/**
 * Forecast of a perp's funding: the mean of a first-order autoregression, fitted to all days so far, and of an exponential average.
 * The first knows where funding returns to, the second is steadier than one day's rate; errors of the two differ.
 *
 * Rates are a year's, as a share of the notional, positive where longs pay: what the hedge program calls `funding`.
 */
export class FundingForecast {
  readonly #decay: number;
  readonly #warmUp: number;
  #day: number | null = null;
  #paid = 0;
  #covered = 0;
  #last: { readonly day: number; readonly rate: number } | null = null;
  #days = 0;
  #negativeDays = 0;
  #average = { sum: 0, weight: 0 };
  readonly #errors = new ForecastErrors(JUDGED_DAYS);
  /** Sums over pairs of days that follow one another: count, x, y, xx, xy. */
  readonly #pairs = { count: 0, x: 0, y: 0, xx: 0, xy: 0 };

  constructor({ span = 7, warmUpDays = 30 }: FundingOptions = {}) {
    this.#decay = 1 - 2 / (span + 1);
    this.#warmUp = warmUpDays;
  }

  /** Days that are known in full. */
  get days(): number {
    return this.#days;
  }

  /**
   * Take a settlement in. In the order of time; one that is missing is left out, and its day made of the others.
   *
   * @param time When it settled, unix seconds
   * @param rate What longs paid, share of the notional
   * @param elapsed Length of the time that it is for, seconds
   */
  settle(time: number, rate: number, elapsed: number): void {
    const day = Math.ceil(time / DAY) - 1;
    if (this.#day !== null && day !== this.#day) this.#close();
    this.#day = day;
    this.#paid += rate;
    this.#covered += elapsed;
    if (time === (day + 1) * DAY) this.#close();
  }

  /**
   * Mean rate of the next days, a year's; null until enough is known.
   *
   * @param days Length of the forecast, whole or not
   */
  forecast(days = 7): number | null {
    const last = this.#last;
    if (last === null || this.#days < this.#warmUp) return null;
    const { mean, persistence } = this.autoregression();
    const returning = expectedSum(last.rate, mean, persistence, days) / days;
    return (returning + this.#average.sum / this.#average.weight) / 2;
  }

  /**
   * What to expect of holding a short; null until it is known how far forecasts are off.
   *
   * @param halfLives How long it is held, half-lives of the autoregression; as calibrated if left out
   */
  outlook(halfLives?: number): CarryOutlook | null {
    const { deviation } = this.#errors;
    const days = holdingDays(this.autoregression().persistence, halfLives);
    const rate = this.forecast(days);
    if (deviation === null || rate === null) return null;
    return { holdingDays: days, rate, deviation, negativeDays: this.#negativeDays };
  }

  /** The fitted autoregression: where daily rates return to, and what part of their distance from there is left after a day. */
  autoregression(): { readonly mean: number; readonly persistence: number } {
    const { count, x, y, xx, xy } = this.#pairs;
    const spread = count * xx - x * x;
    const slope = spread > 1e-12 * count * xx ? (count * xy - x * y) / spread : 0;
    const persistence = Math.min(Math.max(slope, 0), MOST_PERSISTENT);
    return { mean: count === 0 ? 0 : (y - persistence * x) / count / (1 - persistence), persistence };
  }

  #close(): void {
    const day = this.#day!;
    const rate = (this.#paid / this.#covered) * DAY * DAYS_A_YEAR;
    [this.#day, this.#paid, this.#covered] = [null, 0, 0];
    const follows = this.#last?.day === day - 1;
    if (follows && this.#last !== null) {
      this.#pairs.count += 1;
      this.#pairs.x += this.#last.rate;
      this.#pairs.y += rate;
      this.#pairs.xx += this.#last.rate * this.#last.rate;
      this.#pairs.xy += this.#last.rate * rate;
    }
    this.#negativeDays = rate < 0 ? (follows ? this.#negativeDays : 0) + 1 : 0;
    this.#last = { day, rate };
    this.#days += 1;
    this.#average.sum = this.#decay * this.#average.sum + rate;
    this.#average.weight = this.#decay * this.#average.weight + 1;
    this.#errors.add(day, rate, this.forecast(JUDGED_DAYS));
  }
}

/**
 * Expected sum of the next `periods` values of a first-order autoregression, Hμ + (now − μ)φ(1 − φ^H)/(1 − φ): with daily rates of funding
 * what a holding time of H days brings.
 *
 * @param persistence φ, from 0 to 1
 */
export function expectedSum(now: number, mean: number, persistence: number, periods: number): number {
  const weight = persistence === 1 ? periods : (persistence * (1 - persistence ** periods)) / (1 - persistence);
  return periods * mean + (now - mean) * weight;
}
