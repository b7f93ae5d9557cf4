import type { Market } from "../../../keeper/src/backtest/data/market.js";
import { returnsOf, timeOf } from "../../../keeper/src/backtest/data/table.js";
import { HOUR } from "../../../keeper/src/backtest/time.js";
import { AnticipatingBeta } from "../../../keeper/src/model/forecast/anticipating.js";
import { DayMoments } from "../../../keeper/src/model/forecast/day-moments.js";
import { METHODS } from "../../../keeper/src/model/forecast/methods.js";
import { type PairWeek, PairWeeks } from "./pair-weeks.js";

const DAY = 86_400;
/** What every asset is hedged with, the first being what shifts are forecast against. */
const HEDGES = ["ETH", "BTC"] as const;

/** The weeks of all of a market's assets but the hedges with ETH, beside what the experts had learned. */
export function marketWeeks({ prices: { grid, columns } }: Market): PairWeek[] {
  const hedges = HEDGES.map((name) => returnsOf(columns.get(name)!));
  const assets = [...columns].filter(([name]) => !HEDGES.some((hedge) => hedge === name));
  return assets.flatMap(([, prices]) => {
    const model = new AnticipatingBeta(HEDGES.length, METHODS["experts"]!(HEDGES.length), 0);
    const weeks = new PairWeeks();
    const moments = new DayMoments(2);
    const found: PairWeek[] = [];
    returnsOf(prices).forEach((asset, row) => {
      const time = timeOf(grid, row);
      // A decision at midnight has not seen the hour that ends with it, and so not the whole day.
      const [past, own] = time % DAY === 0 ? [model.past(), model.own()] : [null, null];
      const returns = hedges.map((hedge) => hedge[row]!);
      if (![asset, ...returns].some(Number.isNaN)) {
        model.update(time, HOUR, asset, returns);
        moments.add(HOUR, asset, returns);
      }
      const day = time % DAY === 0 ? moments.take() : null;
      if (day === null) return;
      const known = past === null || own === null ? null : { past, own };
      const week = weeks.add(time / DAY, { asset: day[0]!, cross: day[1]!, hedge: day[2]! }, known);
      if (week !== null) found.push(week);
    });
    return found;
  });
}

/** Those that end in a period, both days included. */
export function between(weeks: readonly PairWeek[], from: string, to: string): PairWeek[] {
  const [first, last] = [from, to].map((day) => Date.parse(day) / (1000 * DAY)) as [number, number];
  return weeks.filter(({ end }) => end > first && end <= last + 1);
}
