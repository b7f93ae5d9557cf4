import { centred } from "../backtest/account/lp-path.js";
import { DAY, HOUR } from "../backtest/time.js";
import { edgeValues, type LiquidityRange, type PairGreeks, pairGreeks } from "../model/lp-greeks.js";
import { driftVolatility } from "../plan/drift.js";
import { bandHalfWidth, bandHorizon, insideBand } from "../plan/no-trade-band.js";
import type { DayForecast } from "./forecasts.js";
import { quantile } from "./quantile.js";
import type { VaultShape } from "./shape.js";
import { borneBy, shortTargets } from "./shorts.js";
import { measureMoment } from "./walk-moment.js";
import type { Walk, WalkChoices, WalkInputs, WalkMoment } from "./walk-types.js";

/**
 * Walks one vault through the history: a range of price/factor to price·factor that is made anew near its edge, and shorts by the last
 * midnight's forecast, brought inside the keeper's no-trade band every hour. No fees earned, no funding. At each grid time the vault is measured as
 * the Rebalancer measures it.
 */
export function walkVault({ shape, history, forecasts, moments }: WalkInputs, choices: WalkChoices): Walk {
  const account = new WalkAccount(shape, choices);
  const seen: WalkMoment[] = [];
  const nav: number[] = [];
  const from = Math.max(forecasts[0]!.time, moments[0]!.time);
  let [forecast, moment] = [0, 0];
  for (let row = 0; row < history.rows; row++) {
    const time = history.start + row * HOUR;
    if (time < from) continue;
    while (forecast + 1 < forecasts.length && forecasts[forecast + 1]!.time <= time) forecast++;
    while (moment + 1 < moments.length && moments[moment + 1]!.time <= time) moment++;
    account.pass(
      history.known.map((series) => series[row]!),
      forecasts[forecast]!,
    );
    nav.push(account.value);
    if (moments[moment]!.time === time) {
      seen.push(measureMoment(moments[moment]!, { shape, ...account.book() }));
    }
  }
  return { moments: seen, nav, ...account.summary() };
}

/** Part of the NAV that the margin can stand behind, as the keeper's budget has it. */
function shareInPool({ assets, pool }: VaultShape, choices: WalkChoices): number {
  const edges = edgeValues(choices.rangeFactor);
  const exposed = Math.max(edges.lower, assets[pool.quote]!.stable ? 0 : edges.upper);
  return Math.min(choices.maxShare, 1 / (1 + choices.marginTarget * choices.hedgePerExposure * exposed));
}

/** The bucket refills in a week. */
const REFILL_HOURS = 7 * 24;

class WalkAccount {
  value = 1;
  readonly #shape: VaultShape;
  readonly #choices: WalkChoices;
  readonly #share: number;
  #range: LiquidityRange | undefined;
  #lp: PairGreeks | undefined;
  #prices: readonly number[] = [];
  /** Shorts in units, by hedge. */
  #units: number[];
  /** Where the forecast wants the shorts, USD. */
  #targets: readonly number[] = [];
  /** Of the loss budget, share of NAV. */
  #spent = 0;
  #unpaid = 0;
  #hours = 0;
  #recentres = 0;
  #turnover = 0;
  readonly #paid = { lvr: 0, recentring: 0, hedging: 0 };
  readonly #horizons: number[] = [];
  readonly #pnl: { readonly hedged: number[]; readonly unhedged: number[] } = { hedged: [], unhedged: [] };

  constructor(shape: VaultShape, choices: WalkChoices) {
    this.#shape = shape;
    this.#choices = choices;
    this.#share = shareInPool(shape, choices);
    this.#units = shape.hedges.map(() => 0);
  }

  /** An hour later, at these prices. */
  pass(prices: readonly number[], forecast: DayForecast): void {
    const { pool } = this.#shape;
    const first = this.#range === undefined;
    this.#spent = Math.max(0, this.#spent - this.#shape.lossBudget / REFILL_HOURS);
    if (!first) this.#earn(prices);
    this.#prices = prices;
    this.#place(prices[pool.asset]!, prices[pool.quote]!);
    this.#lp = pairGreeks(this.#range!, prices[pool.asset]!, prices[pool.quote]!);
    this.#hedge(forecast, first);
    this.#hours++;
  }

  /** What is held, USD by asset and by hedge. */
  book(): {
    readonly value: number;
    readonly own: number[];
    readonly shorts: number[];
    readonly targets: readonly number[];
    readonly c: number;
  } {
    const { assets, pool, hedges } = this.#shape;
    const { gradient, c } = this.#lp!;
    const own = assets.map(() => 0);
    own[pool.asset]! += gradient[0] * this.#prices[pool.asset]!;
    own[pool.quote]! += gradient[1] * this.#prices[pool.quote]!;
    return {
      value: this.value,
      own,
      c,
      targets: this.#targets,
      shorts: hedges.map(({ asset }, j) => this.#units[j]! * this.#prices[asset]!),
    };
  }

  summary(): Omit<Walk, "moments" | "nav"> {
    const years = (this.#hours * HOUR) / (365 * DAY);
    const { lvr, recentring, hedging } = this.#paid;
    return {
      ...{ hedgedPnl: this.#pnl.hedged, unhedgedPnl: this.#pnl.unhedged, years },
      ...{ share: this.#share, recentres: this.#recentres, unpaid: this.#unpaid, turnover: this.#turnover / years },
      cost: { lvr: lvr / years, recentring: recentring / years, hedging: hedging / years },
      costHorizon: this.#horizons.length === 0 ? 0 : quantile(this.#horizons, 0.5),
    };
  }

  #earn(prices: readonly number[]): void {
    const { pool, hedges } = this.#shape;
    const was = this.#lp!;
    const ratio = (of: readonly number[]): number => Math.log(of[pool.asset]! / of[pool.quote]!);
    const moved = ratio(prices) - ratio(this.#prices);
    const gained = pairGreeks(this.#range!, prices[pool.asset]!, prices[pool.quote]!).value - was.value;
    const shorts = hedges.reduce(
      (sum, { asset }, j) => sum + this.#units[j]! * (prices[asset]! - this.#prices[asset]!),
      0,
    );
    this.#pnl.unhedged.push(gained / this.value);
    this.#pnl.hedged.push((gained + shorts) / this.value);
    this.#paid.lvr -= (was.c * moved * moved) / 2 / was.value;
    this.value += gained + shorts;
  }

  /** The range, made anew where the price has come near its edge: what is swapped for that pays the pool's fee. */
  #place(price: number, quote: number): void {
    const { rangeFactor, recentreAt } = this.#choices;
    const ratio = price / quote;
    const range = this.#range;
    if (range !== undefined) {
      const centre = Math.sqrt(range.lower * range.upper);
      if (Math.abs(Math.log(ratio / centre)) < recentreAt * Math.log(rangeFactor)) return;
      const { gradient, value } = pairGreeks(range, price, quote);
      const { assets, pool, lossBudget } = this.#shape;
      const swapped = Math.abs((gradient[0] * price) / value - 0.5);
      const thresholds = assets[pool.asset]!.deviation + assets[pool.quote]!.deviation;
      const charge = (swapped * value * (pool.fee + thresholds)) / this.value;
      if (this.#spent + charge > lossBudget) this.#unpaid++;
      else this.#spent += charge;
      this.#paid.recentring += swapped * pool.fee;
      this.value -= swapped * value * pool.fee;
      this.#recentres++;
    }
    this.#range = centred(ratio, rangeFactor, (this.#share * this.value) / quote);
  }

  #hedge({ covariance, betas }: DayForecast, first: boolean): void {
    const { assets, hedges, pool } = this.#shape;
    const { own, c, shorts } = this.book();
    const exposure = own.map((usd, asset) => (assets[asset]!.stable ? 0 : usd));
    const gammas = c === 0 ? [] : [{ c, i: pool.asset, j: pool.quote }];
    const targets = shortTargets(this.#shape, own, betas);
    const placed = hedges.map(({ asset, cost }, j) => {
      const beta = betas.map((row) => row[j]!);
      const nu = driftVolatility(exposure, gammas, beta, asset, covariance) / this.value;
      const band = { kappa: cost, nu, gamma: this.#choices.riskAversion, sigma: Math.sqrt(covariance[asset]![asset]!) };
      if (nu > 0) this.#horizons.push(bandHorizon(band));
      const target = targets[j]!;
      return insideBand(shorts[j]!, target, first ? 0 : bandHalfWidth(band) * this.value, "edge");
    });
    this.#targets = targets;
    const borne = borneBy(placed, this.value - this.#lp!.value, this.#choices.marginLow);
    const traded = borne.map((usd, j) => Math.abs(usd - shorts[j]!));
    this.#units = borne.map((usd, j) => usd / this.#prices[hedges[j]!.asset]!);
    if (first) return;
    const cost = traded.reduce((sum, usd, j) => sum + usd * hedges[j]!.cost, 0);
    this.#turnover += traded.reduce((sum, usd) => sum + usd, 0) / this.value;
    this.#paid.hedging += cost / this.#lp!.value;
    const charge = traded.reduce(
      (sum, usd, j) => sum + usd * (hedges[j]!.cost + assets[hedges[j]!.asset]!.deviation),
      0,
    );
    this.#spent = Math.min(this.#shape.lossBudget, this.#spent + charge / this.value);
    this.value -= cost;
  }
}
