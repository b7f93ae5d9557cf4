import type { AssetCase } from "../data/cases.js";
import { returnsOf, rowAt } from "../data/table.js";
import type { Settings } from "../options.js";
import { HOURS_A_YEAR } from "../time.js";
import type { Hours } from "./ledger.js";
import { type LpPath, lpPath } from "./lp-path.js";

/** The hours of a case that are accounted for. An hour is scored where the asset's and all hedges' returns are known. */
export interface CaseHours extends Hours {
  /** Unix seconds of the first decision. */
  readonly start: number;
  /** The LP position, its entry i at the beginning of hour i; undefined where the asset itself is held. */
  readonly lp: LpPath | undefined;
}

/** From a case to its hours: of the asset itself, or of an LP position in it. */
export function hoursOf(of: AssetCase, settings: Settings): CaseHours {
  const first = rowAt(of.grid, of.times[0]!);
  const cost = settings.cost / 1e4;
  const from = (series: Float64Array, row: number): Float64Array => series.slice(row, of.lastRow + 1);
  const legs = of.legs.map((leg) => from(leg, first + 1));
  const funding = of.funding.map((rates) => from(rates, first + 1));
  const lp = settings.lp === undefined ? undefined : positionOf(of, settings, first);
  const returns = returnsOf(lp === undefined ? from(of.price, first) : lp.value).slice(1);
  const unhedged = returns.map((value, hour) => (legs.some((leg) => Number.isNaN(leg[hour]!)) ? Number.NaN : value));
  const upkeep = upkeepOf(unhedged, lp, cost, settings.feeApr);
  return { unhedged, upkeep, legs, funding, cost, start: of.times[0]!, lp };
}

function positionOf({ price, hedgePrices, lastRow }: AssetCase, { lp, rangeFactor }: Settings, first: number): LpPath {
  const from = (series: Float64Array): Float64Array => series.slice(first, lastRow + 1);
  const prices = { price0: from(price), ...(lp === "eth" ? { price1: from(hedgePrices[0]!) } : {}) };
  return lpPath(prices, rangeFactor);
}

/**
 * Cost of re-centring less fees by hour; those of hours that are not scored are settled in the next hour that is. A position is in its range
 * at the beginning of every hour whose price is known, so that it earns in all of these.
 */
function upkeepOf(unhedged: Float64Array, lp: LpPath | undefined, cost: number, feeApr: number): Float64Array {
  if (lp === undefined) return new Float64Array(unhedged.length);
  let owed = 0;
  return unhedged.map((value, hour) => {
    owed += cost * lp.swapped[hour]!;
    if (!Number.isNaN(lp.value[hour]!)) owed -= feeApr / HOURS_A_YEAR;
    if (Number.isNaN(value)) return 0;
    const paid = owed;
    owed = 0;
    return paid;
  });
}
