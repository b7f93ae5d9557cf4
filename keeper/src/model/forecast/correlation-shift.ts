import { KeeperError } from "../../errors.js";
import { PooledRegression } from "./pooled-regression.js";
import {
  type DayOfPair,
  LONGEST_WINDOW,
  type PairState,
  pairState,
  type ShiftRegressors,
  shiftRegressors,
} from "./shift-features.js";
import { Skill } from "./skill.js";

/** What is forecast is the week to come; of it so many days must be known to learn from it. */
const [AHEAD, LEAST_AHEAD] = [7, 6];
/** Weeks that must have been learned from, of all assets together, before there is a forecast. */
const LEAST_LEARNED = 500;
/** Weeks of an asset that must be known before its mean is what a forecast is measured against. */
const LEAST_MEAN = 60;
const RIDGE = 10;

/** What is expected of a pair in the next week, beside what it is in the last. */
export interface ShiftForecast {
  readonly correlation: number;
  readonly beta: number;
  readonly correlationNow: number;
  readonly betaNow: number;
}

interface Pending {
  readonly regressors: ShiftRegressors;
  /** Null as long as too little was learned. */
  readonly forecast: { z: number; beta: number } | null;
  /** Null as long as the asset's own is not known well. */
  readonly mean: { z: number; beta: number } | null;
}

interface Asset {
  readonly days: Map<number, DayOfPair>;
  readonly pending: Map<number, Pending>;
  lastDay: number;
  weeks: number;
  zSum: number;
  betaSum: number;
}

/**
 * Next week's correlation and beta of assets with one hedge: regressions pooled over the assets, of the Fisher-z on those of the last 1,
 * 7, 30 and 90 days and of beta likewise and on changes of the volatilities (the HAR form of Corsi 2009). A week is learned from only
 * once it is over, and every forecast is judged against the asset's mean as it was known then.
 */
export class CorrelationShift {
  readonly #assets: Asset[];
  readonly #ofCorrelation = new PooledRegression(5, RIDGE);
  readonly #ofBeta = new PooledRegression(9, RIDGE);
  readonly #skill = { correlation: new Skill(), beta: new Skill() };

  /** @param assets Number of assets */
  constructor(assets: number) {
    this.#assets = Array.from({ length: assets }, () => ({
      days: new Map(),
      pending: new Map(),
      lastDay: Number.NEGATIVE_INFINITY,
      weeks: 0,
      zSum: 0,
      betaSum: 0,
    }));
  }

  /**
   * Learn what an asset did on a day; days without data are left out.
   *
   * @param asset Index
   * @param number Of the day, counted from any origin; in order for each asset
   */
  add(asset: number, number: number, day: DayOfPair): void {
    const state = this.#at(asset);
    if (!(number > state.lastDay) || !Number.isInteger(number)) {
      throw new KeeperError(`Day ${number} after day ${state.lastDay}.`, "Give whole days in their order.");
    }
    state.lastDay = number;
    state.days.set(number, day);
    state.days.delete(number - LONGEST_WINDOW - AHEAD);
    this.#learn(state, number);
    const regressors = shiftRegressors(state.days, number);
    if (regressors === null) return;
    const mean = { z: state.zSum / state.weeks, beta: state.betaSum / state.weeks };
    const forecast = this.#predict(regressors);
    state.pending.set(number, { regressors, forecast, mean: state.weeks >= LEAST_MEAN ? mean : null });
  }

  /** Of the week after the asset's last day; null as long as too little is known. */
  forecast(asset: number): ShiftForecast | null {
    const state = this.#at(asset);
    const forecast = state.pending.get(state.lastDay)?.forecast;
    const now = this.#week(state, state.lastDay);
    if (!forecast || now === null) return null;
    return {
      correlation: Math.tanh(forecast.z),
      beta: forecast.beta,
      correlationNow: Math.tanh(now.z),
      betaNow: now.beta,
    };
  }

  /** Out-of-sample R² so far, of the correlation's Fisher-z and of beta, and how many forecasts were judged. */
  skill(): { correlation: number; beta: number; count: number } {
    const { correlation, beta } = this.#skill;
    return { correlation: correlation.r2, beta: beta.r2, count: beta.count };
  }

  /** Learn from the week that ends with this day. */
  #learn(state: Asset, number: number): void {
    const pending = state.pending.get(number - AHEAD);
    for (const day of state.pending.keys()) if (day <= number - AHEAD) state.pending.delete(day);
    const realised = this.#week(state, number);
    if (realised === null) return;
    if (pending?.forecast && pending.mean) {
      this.#skill.correlation.judge(realised.z, pending.forecast.z, pending.mean.z);
      this.#skill.beta.judge(realised.beta, pending.forecast.beta, pending.mean.beta);
    }
    if (pending) {
      this.#ofCorrelation.learn(pending.regressors.ofCorrelation, realised.z);
      this.#ofBeta.learn(pending.regressors.ofBeta, realised.beta);
    }
    state.weeks++;
    state.zSum += realised.z;
    state.betaSum += realised.beta;
  }

  #predict(regressors: ShiftRegressors): { z: number; beta: number } | null {
    if (this.#ofBeta.count < LEAST_LEARNED) return null;
    return {
      z: this.#ofCorrelation.predict(regressors.ofCorrelation),
      beta: this.#ofBeta.predict(regressors.ofBeta),
    };
  }

  #week(state: Asset, last: number): PairState | null {
    const days: DayOfPair[] = [];
    for (let day = last - AHEAD + 1; day <= last; day++) {
      const of = state.days.get(day);
      if (of) days.push(of);
    }
    return days.length < LEAST_AHEAD ? null : pairState(days);
  }

  #at(asset: number): Asset {
    const state = this.#assets[asset];
    if (!state) throw new KeeperError(`Asset ${asset} does not exist.`, `Give 0 to ${this.#assets.length - 1}.`);
    return state;
  }
}
