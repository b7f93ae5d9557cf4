import { LIQUIDITY_STATES } from "../../model/cycles/liquidity-state.js";
import { REGIMES } from "../../model/cycles/regime-filter.js";
import type { Books } from "../account/strategies.js";
import type { Outcome } from "../run/run-backtest.js";
import { type DailySquares, dailySquares, drawnEffectiveness } from "../score/daily-losses.js";
import { DAY, HOUR } from "../time.js";
import { type Contender, contenders } from "./contenders.js";
import { cycleByHour } from "./cycles.js";
import { daysOf } from "./days.js";

/** Effectiveness of each contender on some of the days, mean over the assets; NaN where no asset has such days. */
export interface StateRow {
  readonly name: string;
  readonly days: number;
  readonly effectiveness: readonly number[];
}

/**
 * The years, the calm, middle and wild thirds of the days by how much the first hedge moved on them, and the days by where the market stood in
 * its cycle as they began.
 */
export function statesOf(outcome: Outcome): { contenders: readonly Contender[]; rows: readonly StateRow[] } {
  const books = [...outcome.books.values()];
  const { start, times } = daysOf(books);
  const days = times.length - 1;
  const compared = contenders(outcome.scores.summary.default);
  const squares = compared.map(({ ledger }) =>
    books.map((book) => dailySquares(book, ledger(book), { start, days, net: true })),
  );
  const row = (name: string, chosen: (day: number) => boolean): StateRow => {
    const counts = Float64Array.from({ length: days }, (_, day) => (chosen(day) ? 1 : 0));
    const total = counts.reduce((sum, value) => sum + value, 0);
    return { name, days: total, effectiveness: squares.map((assets) => meanEffectiveness(assets, counts)) };
  };
  const yearOf = (day: number): number => new Date((start + day * DAY) * 1000).getUTCFullYear();
  const years = [...new Set(Array.from({ length: days }, (_, day) => yearOf(day)))];
  const moves = hedgeMoves(books, start, days);
  const sorted = [...moves].filter((value) => value > 0).sort((a, b) => a - b);
  const [low, high] = [1 / 3, 2 / 3].map((share) => sorted[Math.floor(share * sorted.length)] ?? 0) as [number, number];
  const cycleAt = cycleByHour(outcome.cases);
  const cycles = Array.from({ length: days }, (_, day) => cycleAt(start + day * DAY));
  const regimeRows = REGIMES.map((regime) => row(`begun ${regime}`, (day) => cycles[day]!.regime === regime));
  const liquidityRows = LIQUIDITY_STATES.map((state) =>
    row(`begun with ${state} liquidity`, (day) => cycles[day]!.liquidity === state),
  );
  return {
    contenders: compared,
    rows: [
      ...years.map((year) => row(String(year), (day) => yearOf(day) === year)),
      row("calm days", (day) => moves[day]! > 0 && moves[day]! < low),
      row("days in between", (day) => moves[day]! >= low && moves[day]! < high),
      row("wild days", (day) => moves[day]! >= high),
      ...regimeRows.filter(({ days }) => days > 0),
      // Without funding all days would be the same.
      ...(liquidityRows.filter(({ days }) => days > 0).length > 1 ? liquidityRows.filter(({ days }) => days > 0) : []),
    ],
  };
}

function meanEffectiveness(assets: readonly DailySquares[], counts: Float64Array): number {
  const known = assets.map((days) => drawnEffectiveness(days, counts)).filter(Number.isFinite);
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** By day: mean square of the hourly returns of the first hedge, over the assets' books. */
function hedgeMoves(books: readonly Books[], start: number, days: number): Float64Array {
  const { hours } = books.reduce((a, b) => (b.hours.unhedged.length > a.hours.unhedged.length ? b : a));
  const sums = new Float64Array(days);
  hours.legs[0]!.forEach((value, hour) => {
    const day = Math.floor((hours.start + hour * HOUR - start) / DAY);
    if (!Number.isNaN(value)) sums[day]! += value * value;
  });
  return sums;
}
