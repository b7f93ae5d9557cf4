import { type Table, timeOf } from "../../../keeper/src/backtest/data/table.js";
import type { CarryOutlook } from "../../../keeper/src/model/carry/outlook.js";
import { FundingForecast } from "../../../keeper/src/model/funding.js";

const DAY = 86_400;
const EIGHT_HOURS = 28_800;
const SETTLEMENTS = 3;
const YEARLY = 365 * SETTLEMENTS;

/** A day of a perp's funding, and what was known at its end. Rates are a year's. */
export interface KnownDay {
  /** Number of the day, from 1970. */
  readonly day: number;
  /** What longs paid; null where a settlement is missing. */
  readonly rate: number | null;
  /** Forecast of the mean of the next seven days, with a year of days known; null before. */
  readonly forecast: number | null;
  /** Mean of all settlements so far. */
  readonly mean: number;
  /** By half-lives of the holding time; null while too little was known. */
  readonly outlooks: ReadonlyMap<number, CarryOutlook> | null;
}

/** Forecasts are judged with so many days known. */
const JUDGED_FROM = 365;

/**
 * The days of one asset, in order, each with what was known at its end and nothing later.
 *
 * @param table Of rates that settle every eight hours, stamped when they do
 * @param halfLives Holding times that are asked for
 */
export function knownDays({ grid, columns }: Table, asset: string, halfLives: readonly number[]): KnownDay[] {
  const forecast = new FundingForecast();
  const days: KnownDay[] = [];
  let [today, settled, sum, count] = [0, 0, 0, 0];
  columns.get(asset)!.forEach((rate, row) => {
    const time = timeOf(grid, row);
    if (!Number.isNaN(rate)) {
      forecast.settle(time, rate, EIGHT_HOURS);
      [today, settled] = [today + rate, settled + 1];
      [sum, count] = [sum + rate, count + 1];
    }
    if (time % DAY !== 0 || count === 0) return;
    const outlooks = halfLives.map((lives) => [lives, forecast.outlook(lives)] as const);
    const complete = settled === SETTLEMENTS;
    days.push({
      day: time / DAY - 1,
      rate: complete ? (today * YEARLY) / SETTLEMENTS : null,
      forecast: complete && forecast.days >= JUDGED_FROM ? forecast.forecast(7) : null,
      mean: (sum / count) * YEARLY,
      outlooks:
        complete && outlooks.every(([, one]) => one !== null) ? new Map(outlooks as [number, CarryOutlook][]) : null,
    });
    [today, settled] = [0, 0];
  });
  return days;
}
