import { HayashiYoshida } from "./hayashi-yoshida.js";

/** A price and when it was seen, unix seconds. */
export interface TimedPrice {
  readonly time: number;
  readonly logPrice: number;
}

/**
 * Hayashi–Yoshida covariance of two assets, not annualised, with the first one's times shifted by each of these
 * seconds. Its magnitude is largest where the shift undoes the lag between them (Hoffmann, Rosenbaum & Yoshida 2013).
 *
 * @param prices Of the two assets, each ascending in time
 * @param shifts Seconds that are added to the first one's times
 */
export function shiftContrast(
  [first, second]: readonly [readonly TimedPrice[], readonly TimedPrice[]],
  shifts: readonly number[],
): number[] {
  return shifts.map((shift) => {
    const estimate = new HayashiYoshida(2, Number.POSITIVE_INFINITY);
    let j = 0;
    for (const { time, logPrice } of first) {
      for (; j < second.length && second[j]!.time <= time + shift; j++) {
        estimate.observe(1, second[j]!.time, second[j]!.logPrice);
      }
      estimate.observe(0, time + shift, logPrice);
    }
    for (; j < second.length; j++) estimate.observe(1, second[j]!.time, second[j]!.logPrice);
    return estimate.realised()[0]![1]!;
  });
}

/** When a feed is called late. */
export interface LeadLagOptions {
  /** Time that one judgement looks at, seconds. */
  readonly window: number;
  /** Shifts that are tried, seconds: 0 and both signs. */
  readonly shifts: readonly number[];
  /** A lag of no more than this is none, seconds: feeds write in blocks, not at once. */
  readonly tolerance: number;
  /** Least correlation at the lag: what is smaller has its largest contrast where chance puts it. */
  readonly correlation: number;
  /** By how much the contrast at the lag must be above those at none and at its opposite, as a share of them. */
  readonly margin: number;
  /** Windows in a row that must agree on which feed is late. */
  readonly persistence: number;
}

/** A feed that reports later than another what moves both. */
export interface LateFeed {
  /** Index of the asset; so is `early`. */
  readonly late: number;
  readonly early: number;
  /** The shift with the largest contrast in the newest window, seconds. */
  readonly lag: number;
  /** Windows in a row that say so. */
  readonly windows: number;
}

const MINUTE = 60;
const DEFAULTS: LeadLagOptions = {
  window: 14 * 86_400,
  shifts: Array.from({ length: 21 }, (_, k) => (k - 10) * MINUTE),
  tolerance: 2 * MINUTE,
  correlation: 0.3,
  margin: 0.03,
  persistence: 3,
};

/**
 * Watches every pair of feeds for a lag that persists: such a feed biases covariances, and its pool can be traded
 * against.
 */
export class LeadLagGuard {
  readonly #options: LeadLagOptions;
  readonly #prices: TimedPrice[][];
  /** By pair, in order: the newest window's shift, and for how many windows its sign has been the same. */
  readonly #lags: { first: number; second: number; shift: number; windows: number }[] = [];
  #end = Number.NaN;

  /** @param size Number of assets */
  constructor(size: number, options: Partial<LeadLagOptions> = {}) {
    this.#options = { ...DEFAULTS, ...options };
    this.#prices = Array.from({ length: size }, () => []);
    for (let second = 1; second < size; second++) {
      for (let first = 0; first < second; first++) this.#lags.push({ first, second, shift: 0, windows: 0 });
    }
  }

  /** Take in one price, in the order of time. */
  observe(asset: number, time: number, logPrice: number): void {
    if (Number.isNaN(this.#end)) this.#end = time + this.#options.window;
    if (time > this.#end) {
      this.#judge();
      const { window } = this.#options;
      this.#end += Math.ceil((time - this.#end) / window) * window;
    }
    this.#prices[asset]!.push({ time, logPrice });
  }

  /** Every feed that has been late against another for long enough. */
  late(): LateFeed[] {
    return this.#lags
      .filter(({ windows }) => windows >= this.#options.persistence)
      .map(({ first, second, shift, windows }) => {
        const [early, late] = shift > 0 ? [first, second] : [second, first];
        return { late, early, lag: Math.abs(shift), windows };
      });
  }

  #judge(): void {
    const deviations = this.#prices.map(realisedDeviation);
    for (const pair of this.#lags) {
      const contrast = shiftContrast([this.#prices[pair.first]!, this.#prices[pair.second]!], this.#options.shifts);
      const shift = lagOf(contrast, deviations[pair.first]! * deviations[pair.second]!, this.#options);
      pair.windows = shift === 0 ? 0 : Math.sign(shift) === Math.sign(pair.shift) ? pair.windows + 1 : 1;
      pair.shift = shift;
    }
    for (const prices of this.#prices) prices.length = 0;
  }
}

/** The shift with the largest contrast, 0 where it is not clearly a lag. */
function lagOf(contrast: readonly number[], scale: number, options: LeadLagOptions): number {
  const { shifts, tolerance, correlation, margin } = options;
  const sizes = contrast.map(Math.abs);
  const largest = Math.max(...sizes);
  const shift = shifts[sizes.indexOf(largest)]!;
  if (Math.abs(shift) <= tolerance || largest < correlation * scale) return 0;
  const others = Math.max(...sizes.filter((_, k) => shifts[k] === 0 || shifts[k] === -shift));
  return largest > (1 + margin) * others ? shift : 0;
}

/** Root of the sum of squared returns. */
function realisedDeviation(prices: readonly TimedPrice[]): number {
  return Math.sqrt(prices.slice(1).reduce((sum, { logPrice }, k) => sum + (logPrice - prices[k]!.logPrice) ** 2, 0));
}
