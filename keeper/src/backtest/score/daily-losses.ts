import type { Ledger } from "../account/ledger.js";
import type { Books } from "../account/strategies.js";
import { DAY, HOUR } from "../time.js";

/** UTC days, from the midnight `start`, unix seconds. */
export interface Span {
  readonly start: number;
  readonly days: number;
}

/** The days that a period touches. */
export function spanOf(from: number, to: number): Span {
  const start = Math.floor(from / DAY) * DAY;
  return { start, days: Math.ceil((to - start) / DAY) };
}

/** Sums of squares by UTC day, from day 0; zero on days without a scored hour. */
export interface DailySquares {
  readonly unhedged: Float64Array;
  readonly hedged: Float64Array;
}

/** Squared P&L by day, net or before costs. */
export function dailySquares(
  { hours }: Books,
  ledger: Ledger,
  { start, days, net }: Span & { readonly net: boolean },
): DailySquares {
  const result = { unhedged: new Float64Array(days), hedged: new Float64Array(days) };
  const pnl = net ? ledger.net : ledger.gross;
  for (let hour = 0; hour < pnl.length; hour++) {
    if (Number.isNaN(hours.unhedged[hour]!)) continue;
    const day = Math.floor((hours.start + hour * HOUR - start) / DAY);
    result.unhedged[day]! += (hours.unhedged[hour]! - (net ? hours.upkeep[hour]! : 0)) ** 2;
    result.hedged[day]! += pnl[hour]! ** 2;
  }
  return result;
}

/** Sum of daily values, each as often as it was drawn. */
export function drawnSum(values: Float64Array, counts?: Float64Array): number {
  let sum = 0;
  if (counts === undefined) for (let day = 0; day < values.length; day++) sum += values[day]!;
  else for (let day = 0; day < values.length; day++) sum += values[day]! * counts[day]!;
  return sum;
}

/** Hedge effectiveness of a draw of days. NaN where none of the asset's days was drawn. */
export function drawnEffectiveness({ unhedged, hedged }: DailySquares, counts?: Float64Array): number {
  return 1 - drawnSum(hedged, counts) / drawnSum(unhedged, counts);
}
