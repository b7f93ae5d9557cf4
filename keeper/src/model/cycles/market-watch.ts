import { ExponentialCorrelation } from "../breakdown/exponential-correlation.js";
import { ResidualRatio } from "../breakdown/residual-ratio.js";
import { Standardiser } from "../breakdown/standardise.js";
import { clip } from "../clip.js";
import { EwmaCovariance } from "../forecast/ewma.js";
import { MarketRegimeFilter, type Regime, type RegimeProbabilities } from "./regime-filter.js";
import { TrailingHigh } from "./trailing-high.js";

const HOUR = 3_600;
/** Half-life of what is the usual volatility, seconds. */
const USUAL = 60 * 86_400;
/** A return counts for no more than this many usual volatilities in it. */
const LARGEST = 5;
/** Time before the usual volatility is known, seconds. */
const LEARNING = 7 * 86_400;
/** Falls are measured from the high of this time, seconds. */
const WEEK = 7 * 86_400;
/** Half-life of the correlation that an asset usually has with the market, hours. */
const RELATION = 30 * 24;

/** The regime, and what it is told by. */
export interface MarketState {
  readonly regime: Regime;
  readonly probabilities: RegimeProbabilities;
  /** Since when it is this regime, unix seconds. */
  readonly since: number;
  /** How far the market is below the high of the last seven days, share of the price. */
  readonly fall: number;
}

/**
 * Watches a market, which is the mean of what hedges are made with, and how other assets move with it. Online: what it says at a time follows from
 * returns up to then.
 */
export class MarketWatch {
  readonly #filter = new MarketRegimeFilter();
  readonly #usual = new EwmaCovariance(1, USUAL);
  readonly #high = new TrailingHigh(WEEK);
  readonly #relations: readonly Relation[];
  #log = 0;
  #learned = 0;
  #state: MarketState | null = null;

  /** @param assets Number of assets beside the market */
  constructor(assets: number) {
    this.#relations = Array.from({ length: assets }, () => new Relation());
  }

  /** Null before the usual volatility is known. */
  get state(): MarketState | null {
    return this.#state;
  }

  /**
   * Take in what the market did over an interval.
   *
   * @param time Its end, unix seconds
   * @param elapsed Its length, seconds
   * @param returns Log returns of what hedges are made with
   */
  market(time: number, elapsed: number, returns: readonly number[]): void {
    const move = mean(returns);
    const variance = this.#usual.covariance()?.[0]?.[0] ?? null;
    this.#log += move;
    const fall = this.#high.add(time, this.#log);
    if (variance !== null && variance > 0 && this.#learned >= LEARNING) {
      const usual = (seconds: number): number => Math.sqrt(variance * seconds);
      this.#filter.market(elapsed / HOUR, move / usual(elapsed), fall / usual(WEEK));
      this.#note(time, fall);
      this.#usual.update(elapsed, [clip(move, LARGEST * usual(elapsed))]);
    } else {
      this.#usual.update(elapsed, [move]);
    }
    this.#learned += elapsed;
  }

  /**
   * Take in how an asset moved beside the market.
   *
   * @param asset Its number
   * @param time End of an interval, unix seconds
   * @param elapsed Its length, seconds
   * @param own Log return of the asset
   * @param returns Log returns of what hedges are made with
   */
  relation(asset: number, time: number, elapsed: number, own: number, returns: readonly number[]): void {
    const perHour = Math.sqrt(HOUR / elapsed);
    const logRatio = this.#relations[asset]!.next(own * perHour, mean(returns) * perHour);
    if (logRatio === null || this.#state === null) return;
    this.#filter.relation(logRatio, 1 / this.#relations.length);
    this.#note(time, null);
  }

  #note(time: number, fall: number | null): void {
    const { regime, probabilities } = this.#filter;
    const before = this.#state;
    const since = before?.regime === regime ? before.since : time;
    this.#state = { regime, probabilities, since, fall: fall === null ? (before?.fall ?? 0) : 1 - Math.exp(-fall) };
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How an asset moves with the market. */
class Relation {
  readonly #own = new Standardiser();
  readonly #market = new Standardiser();
  readonly #usual = new ExponentialCorrelation(RELATION);
  readonly #ratio = new ResidualRatio();

  /** Log likelihood of a move without the relation over that with it; null at first. */
  next(own: number, market: number): number | null {
    const [asset, hedge] = [this.#own.next(own), this.#market.next(market)];
    if (asset === null || hedge === null) return null;
    const usual = this.#usual.correlation;
    this.#usual.add(asset, hedge);
    return usual === null ? null : this.#ratio.next(asset, hedge, Math.max(usual, 0), 0);
  }
}
