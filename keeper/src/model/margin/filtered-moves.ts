import { KeeperError } from "../../errors.js";
import { ExponentialMean } from "../breakdown/exponential-mean.js";
import { DecayingSketch } from "./decaying-sketch.js";

/** How moves are learned. */
export interface FilteredMovesOptions {
  /** Hours ahead that the largest move is asked for. */
  readonly horizonHours?: number;
  /** Half-life of the volatility, hours. */
  readonly volatilityHalfLife?: number;
  /** Half-life of the memory for moves in units of the volatility, windows. */
  readonly memoryHalfLife?: number;
  /** Windows that must have ended before there is a quantile; by default 2,000, and 83 times the horizon. */
  readonly minWindows?: number;
}

/** Chosen on 2019-02 to 2021-03: docs/risk.md. */
const VOLATILITY_HALF_LIFE = 72;
const MEMORY_HALF_LIFE = 8_766;
const MIN_WINDOWS = 2_000;
/** The same in windows that do not overlap: so many must be known of a longer horizon too. */
const MIN_SEPARATE = 83;
/** Half-lives after which the volatility counts as known. */
const SETTLED = 2;

/**
 * The largest upward log move over the hourly closes of the hours to come, by filtered historical simulation (Barone-Adesi, Giannopoulos &
 * Vosper 1999): past moves, each over the volatility when it began, times the volatility of now. A window counts once it has ended; the windows
 * overlap, one begins with every hour. Volatility is an exponential mean of squared returns, times the root of the horizon. The quantile of
 * the past moves is weighted towards the recent ones; where it is rarer than anything they show, a generalised Pareto tail is its floor.
 *
 * For downward moves give it the returns with their signs changed. State is of constant size, an hour costs O(horizon).
 */
export class FilteredMoves {
  readonly #horizon: number;
  readonly #minWindows: number;
  readonly #settled: number;
  readonly #variance: ExponentialMean;
  readonly #filtered: DecayingSketch;
  readonly #raw: DecayingSketch;
  /** Rings over the last hours: log price, and volatility as it was known then. */
  readonly #logs: Float64Array;
  readonly #volatilities: Float64Array;
  #log = 0;
  /** Hours without a gap, and known hours in all. */
  #run = 0;
  #known = 0;
  #worst = 0;

  /** @throws KeeperError if the horizon is not a whole number of hours, or a half-life not positive */
  constructor(options: FilteredMovesOptions = {}) {
    const { horizonHours = 24, volatilityHalfLife = VOLATILITY_HALF_LIFE } = options;
    if (!(Number.isInteger(horizonHours) && horizonHours > 0 && volatilityHalfLife > 0)) {
      throw new KeeperError(
        `A horizon of ${horizonHours} h and a half-life of ${volatilityHalfLife} h.`,
        "Give whole hours, at least 1, and a positive half-life.",
      );
    }
    this.#horizon = horizonHours;
    this.#minWindows = options.minWindows ?? Math.max(MIN_WINDOWS, MIN_SEPARATE * horizonHours);
    this.#settled = SETTLED * volatilityHalfLife;
    this.#variance = new ExponentialMean(volatilityHalfLife);
    this.#filtered = new DecayingSketch(options.memoryHalfLife ?? MEMORY_HALF_LIFE, horizonHours);
    this.#raw = new DecayingSketch(Number.POSITIVE_INFINITY, horizonHours);
    this.#logs = new Float64Array(horizonHours + 1);
    this.#volatilities = new Float64Array(horizonHours + 1).fill(Number.NaN);
  }

  /** Windows that have ended. */
  get windows(): number {
    return this.#filtered.count;
  }

  /** The largest move of any window, log; 0 before the first. */
  get worst(): number {
    return this.#worst;
  }

  /** Of one hour's log return, 1.0 = 100%; null before it is known. */
  get volatility(): number | null {
    return this.#known < this.#settled ? null : Math.sqrt(this.#variance.mean!);
  }

  /**
   * Take in the log return of the next hour. NaN for one that is not known: no window with it counts, since it may hide the window's largest
   * move, and it says nothing of the volatility.
   *
   * @throws KeeperError if it is infinite
   */
  add(logReturn: number): void {
    if (Number.isNaN(logReturn)) {
      this.#run = 0;
      return;
    }
    if (!Number.isFinite(logReturn))
      throw new KeeperError(`A log return of ${logReturn}.`, "Give NaN if it is missing.");
    const size = this.#horizon + 1;
    // The hour before a run's first return is where its first window begins.
    if (this.#run === 0) this.#mark(0);
    this.#run++;
    this.#known++;
    this.#log += logReturn;
    this.#variance.add(logReturn ** 2);
    this.#mark(this.#run % size);
    if (this.#run < this.#horizon) return;
    const start = (this.#run - this.#horizon) % size;
    const volatility = this.#volatilities[start]!;
    if (!(volatility > 0)) return;
    let highest = this.#logs[start]!;
    for (const log of this.#logs) highest = Math.max(highest, log);
    const move = highest - this.#logs[start]!;
    this.#worst = Math.max(this.#worst, move);
    this.#raw.add(move);
    this.#filtered.add(move / (volatility * Math.sqrt(this.#horizon)));
  }

  /**
   * The log move that the next hours exceed with a probability, at today's volatility; null until enough windows have ended.
   *
   * @param exceedance In (0, 1): 0.005 for 99.5%
   */
  quantile(exceedance: number): number | null {
    const { volatility } = this;
    if (volatility === null || this.windows < this.#minWindows) return null;
    return this.#filtered.quantile(exceedance) * volatility * Math.sqrt(this.#horizon);
  }

  /**
   * The log move that any window exceeds with a probability, whatever the volatility and all windows alike: what a limit that shall stand for
   * long is set by, since a calm week says little of the next month. Null until enough windows have ended.
   */
  unconditionalQuantile(exceedance: number): number | null {
    return this.windows < this.#minWindows ? null : this.#raw.quantile(exceedance);
  }

  /**
   * The log move that margin must bear: the larger of both quantiles. Exceeded with the probability at the volatility of now, and whatever the
   * volatility: a calm week says little of the next day. Null until enough windows have ended.
   */
  marginMove(exceedance: number): number | null {
    const [now, ever] = [this.quantile(exceedance), this.unconditionalQuantile(exceedance)];
    return now === null || ever === null ? null : Math.max(now, ever);
  }

  #mark(place: number): void {
    this.#logs[place] = this.#log;
    this.#volatilities[place] = this.volatility ?? Number.NaN;
  }
}
