import { FilteredMoves } from "../../model/margin/filtered-moves.js";
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
 * @returns By case: by hedge, on the case's grid
 */
export function marginNeeds(market: Market, settings: Settings): ((of: AssetCase) => readonly LegNeed[]) | undefined {
  if (settings.marginTarget !== "data") return undefined;
  const found = new Map<string, LegNeed>();
  return ({ hedges, grid }) =>
    hedges.map((hedge) => {
      const known = found.get(hedge) ?? legNeed(market, hedge, grid, settings);
      // All cases of a run are on one grid.
      found.set(hedge, known);
      return known;
    });
}

/** Until a top-up arrives: an hour in which it is not yet seen that there is too little, then its latency. */
function legNeed(market: Market, hedge: string, grid: Grid, settings: Settings): LegNeed {
  const { latency, topUpLatency, marginExceedance, maintenance } = settings;
  const moves = logMoves(market, hedge);
  const [up, down] = [
    new FilteredMoves({ horizon: topUpLatency + 1 }),
    new FilteredMoves({ horizon: topUpLatency + 1 }),
  ];
  const seen = Math.floor(latency / HOUR) + 1;
  const need = { short: new Float64Array(grid.length), long: new Float64Array(grid.length) };
  const before = rowAt(market.prices.grid, grid.start) - seen;
  for (let at = 0, row = 0; row < grid.length; row++) {
    for (; at <= before + row; at++) {
      if (Number.isNaN(moves[at]!)) continue;
      up.add(moves[at]!);
      down.add(-moves[at]!);
    }
    const [rise, fall] = [up.quantile(marginExceedance), down.quantile(marginExceedance)];
    need.short[row] = rise === null ? UNKNOWN : Math.exp(rise) * (1 + maintenance) - 1;
    need.long[row] = fall === null ? UNKNOWN : 1 - Math.exp(-fall) * (1 - maintenance);
  }
  return need;
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
