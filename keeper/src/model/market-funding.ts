import type { CarryOutlook } from "./carry/outlook.js";
import { FundingForecast } from "./funding.js";

/** Seconds. */
const DAY = 86_400;
const YEAR = 365 * DAY;
/** Days that must be known before there is a forecast of their own. */
const WARM_UP_DAYS = 30;

/** What funding is expected to be, and how that is known. */
export interface ExpectedFunding {
  /** Mean of the next days, a year's, share of the notional, positive where longs pay; null where nothing is known. */
  readonly rate: number | null;
  /** In words. */
  readonly basis: string;
  /** What a carry position may expect; left out where too little is known for one. */
  readonly outlook?: CarryOutlook;
}

/**
 * The funding of one market that charges by the premium at each settlement for all the time since the one before: its past, and what to expect.
 *
 * With a month of days the forecast is `FundingForecast`'s. Before, it is today's rate shrunk to nothing over the horizon in a straight line, so
 * half of it; today's rate is an exponential mean over one day that starts from zero, so an hour of it counts for little, and without any past
 * it is zero. A premium of a
 * quarter of an hour says next to nothing of a week: a market lags behind its index for some minutes after every jump.
 *
 * State is of constant size: nothing but sums is kept.
 */
export class MarketFunding {
  readonly #forecast = new FundingForecast({ warmUpDays: WARM_UP_DAYS });
  #last: number | null = null;
  #today = 0;

  /**
   * Take a settlement in. The first only tells from when on; one that is not newer than the last does nothing.
   *
   * @param time Unix seconds
   * @param rate A year's, share of the notional, positive where longs pay
   */
  settle(time: number, rate: number): void {
    const from = this.#last;
    if (from !== null && time <= from) return;
    this.#last = time;
    if (from === null) return;
    const kept = Math.exp((from - time) / DAY);
    this.#today = kept * this.#today + (1 - kept) * rate;
    for (let start = from; start < time; ) {
      const end = Math.min(time, (Math.floor(start / DAY) + 1) * DAY);
      this.#forecast.settle(end, (rate * (end - start)) / YEAR, end - start);
      start = end;
    }
  }

  /**
   * What to expect.
   *
   * @param days Length of the forecast
   */
  expect(days: number): ExpectedFunding {
    const known = this.#forecast.days;
    const forecast = this.#forecast.forecast(days);
    if (forecast !== null) {
      const outlook = this.#forecast.outlook();
      return { rate: forecast, basis: `forecast from ${known} days`, ...(outlook !== null && { outlook }) };
    }
    return { rate: this.#today / 2, basis: `half of today's rate: ${known} of ${WARM_UP_DAYS} days are known` };
  }
}
