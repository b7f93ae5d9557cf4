import { type LiquidityState, liquidityState, worstLiquidity } from "../../model/cycles/liquidity-state.js";
import { MarketWatch } from "../../model/cycles/market-watch.js";
import type { Regime } from "../../model/cycles/regime-filter.js";
import type { AssetCase } from "../data/cases.js";
import { returnsOf, timeOf } from "../data/table.js";
import { DAY, HOUR } from "../time.js";

/** Where the market stood at a time, by what was known then. */
export interface CycleAt {
  /** Null as long as too little was known. */
  readonly regime: Regime | null;
  /** By funding alone: depths of the past are not known. */
  readonly liquidity: LiquidityState;
}

/** Rows of funding that its state is told from. */
const FUNDING_ROWS = (3 * DAY) / HOUR;

/** The market's cycle at each hour of the cases' grid: its regime from the hedges' hourly prices and how the assets move with them. */
export function cycleByHour(cases: readonly AssetCase[]): (time: number) => CycleAt {
  const { grid } = cases[0]!;
  const hedges = new Map<string, { readonly prices: Float64Array; readonly funding: Float64Array }>();
  for (const { hedges: names, hedgePrices, funding } of cases) {
    names.forEach((name, j) => {
      hedges.set(name, { prices: hedgePrices[j]!, funding: funding[j]! });
    });
  }
  const logs = (prices: Float64Array): Float64Array => returnsOf(prices).map((value) => Math.log1p(value));
  const market = [...hedges.values()].map(({ prices }) => logs(prices));
  const others = cases.filter(({ asset }) => !hedges.has(asset)).map(({ price }) => logs(price));
  const watch = new MarketWatch(others.length);
  const cycles: CycleAt[] = [];
  const paid = [...hedges.values()].map(() => 0);
  for (let row = 0; row < grid.length; row += 1) {
    const time = timeOf(grid, row);
    const returns = market.map((series) => series[row]!);
    if (!returns.some(Number.isNaN)) {
      watch.market(time, HOUR, returns);
      others.forEach((series, asset) => {
        if (!Number.isNaN(series[row]!)) watch.relation(asset, time, HOUR, series[row]!, returns);
      });
    }
    const liquidity = worstLiquidity(
      [...hedges.values()].map(({ funding }, j) => {
        paid[j]! += (funding[row] ?? 0) - (row >= FUNDING_ROWS ? funding[row - FUNDING_ROWS]! : 0);
        return liquidityState({ impact: 0, funding: (paid[j]! * 365) / 3 });
      }),
    );
    cycles.push({ regime: watch.state?.regime ?? null, liquidity });
  }
  const unknown: CycleAt = { regime: null, liquidity: "ample" };
  return (time) => cycles[Math.floor((time - grid.start) / HOUR)] ?? unknown;
}
