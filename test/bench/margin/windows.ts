import { type Grid, returnsOf, timeOf } from "../../../keeper/src/backtest/data/table.js";
import { FilteredMoves, type FilteredMovesOptions } from "../../../keeper/src/model/margin/filtered-moves.js";

/** A window of hours, and what was known of it when it began. */
export interface JudgedWindow {
  /** Its beginning, unix seconds. */
  readonly time: number;
  /** Largest upward log move over its hourly closes. */
  readonly move: number;
  /** By exceedance: the quantile, log. */
  readonly quantiles: readonly number[];
}

/**
 * Every window of the horizon that a price series has whole, one for each hour at which a quantile was known, in the order of time. What is
 * known at an hour is the returns up to it.
 */
export function judgedWindows(
  grid: Grid,
  prices: Float64Array,
  exceedances: readonly number[],
  options: FilteredMovesOptions = {},
): JudgedWindow[] {
  const horizon = options.horizonHours ?? 24;
  const moves = new FilteredMoves(options);
  const windows: JudgedWindow[] = [];
  returnsOf(prices).forEach((value, row) => {
    moves.add(value);
    if (row + horizon >= prices.length) return;
    let highest = 0;
    for (let ahead = 0; ahead <= horizon; ahead++) {
      const move = Math.log(prices[row + ahead]! / prices[row]!);
      if (Number.isNaN(move)) return;
      highest = Math.max(highest, move);
    }
    const quantiles = exceedances.flatMap((exceedance) => moves.quantile(exceedance) ?? []);
    if (quantiles.length === exceedances.length) windows.push({ time: timeOf(grid, row), move: highest, quantiles });
  });
  return windows;
}
