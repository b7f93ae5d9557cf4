import { FilteredMoves } from "../../model/margin/filtered-moves.js";
import { requiredMargin } from "../../model/margin/required-margin.js";
import type { AssetCase } from "../data/cases.js";
import type { Market } from "../data/market.js";
import { type Grid, onGrid, returnsOf, rowAt } from "../data/table.js";
import type { Settings } from "../options.js";
import { HOUR } from "../time.js";
import { legPrices } from "./leg-prices.js";
import type { LegNeed } from "./margined.js";

/** As long as too little is known of a hedge: as much margin as there are shorts. */
const UNKNOWN = 1;

/**
 * Least margin of every hedge by what was known of its moves, from the first row of the market on; undefined where margin is not sized by data.
 *
 * @param cases Of one run: all on one grid
 * @returns By case: by hedge, on the case's grid, 0 before the first decision of all
 */
export function marginNeeds(
  market: Market,
  cases: readonly AssetCase[],
  settings: Settings,
): ((of: AssetCase) => readonly LegNeed[]) | undefined {
  if (settings.marginTarget !== "data") return undefined;
  const found = new Map<string, LegNeed>();
  const first = Math.min(...cases.map(({ grid, times }) => rowAt(grid, times[0]!)));
  return ({ hedges, grid }) =>
    hedges.map((hedge) => {
      const known = found.get(hedge) ?? legNeed(market, hedge, grid, first, settings);
      found.set(hedge, known);
      return known;
    });
}

/**
 * For moves until a top-up arrives: over an hour in which it is not yet seen that there is too little, then its latency. As likely as said at
 * the volatility of now, and whatever it is: a calm week says little of the next day.
 */
function legNeed(market: Market, hedge: string, grid: Grid, first: number, settings: Settings): LegNeed {
  const { latency, topUpLatency, marginExceedance, maintenance } = settings;
  const moves = logMoves(market, hedge);
  const horizonHours = topUpLatency + 1;
  const [up, down] = [createMove(horizonHours, marginExceedance), createMove(horizonHours, marginExceedance)];
  const seen = Math.floor(latency / HOUR) + 1;
  const need = { short: new Float64Array(grid.length), long: new Float64Array(grid.length) };
  const before = rowAt(market.prices.grid, grid.start) - seen;
  for (let at = 0, row = first; row < grid.length; row++) {
    for (; at <= before + row; at++) {
      if (Number.isNaN(moves[at]!)) continue;
      up.add(moves[at]!);
      down.add(-moves[at]!);
    }
    const [rise, fall] = [up.move(row), down.move(row)];
    need.short[row] = rise === null ? UNKNOWN : requiredMargin({ move: rise, addOn: 0 }, maintenance);
    need.long[row] = fall === null ? UNKNOWN : 1 - Math.exp(-fall) * (1 - maintenance);
  }
  return need;
}

/** The log move to be ready for. What moves are in units of the volatility is asked once a day, the volatility every hour. */
function createMove(horizonHours: number, exceedance: number) {
  const moves = new FilteredMoves({ horizonHours });
  let known: { readonly scaled: number; readonly ever: number } | undefined;
  return {
    add: (logReturn: number): void => moves.add(logReturn),
    move(row: number): number | null {
      if (known === undefined || row % 24 === 0) {
        const [now, ever] = [moves.quantile(exceedance), moves.unconditionalQuantile(exceedance)];
        if (now !== null && ever !== null) known = { scaled: now / moves.volatility!, ever };
      }
      return known === undefined ? null : Math.max(known.scaled * moves.volatility!, known.ever);
    },
  };
}

/** Log return by row of the market's grid, of the perp where there is one, else of the spot; NaN before the first price. */
function logMoves({ prices, perps }: Market, hedge: string): Float64Array {
  const spot = onGrid(prices.columns.get(hedge), prices.grid, prices.grid);
  const perp = returnsOf(onGrid(perps?.columns.get(hedge), perps?.grid ?? prices.grid, prices.grid));
  const bySpot = returnsOf(spot);
  const series = legPrices(
    perp.map((value, row) => (Number.isNaN(value) ? bySpot[row]! : value)),
    spot,
  );
  const first = spot.findIndex((price) => price > 0);
  return series.map((price, row) => (row > first && first >= 0 ? Math.log(price / series[row - 1]!) : Number.NaN));
}
