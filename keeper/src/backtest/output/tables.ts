import type { ColumnSource } from "hyparquet-writer";
import type { Ledger } from "../account/ledger.js";
import type { Books } from "../account/strategies.js";
import type { AssetCase } from "../data/cases.js";
import { HOUR } from "../time.js";

const same = (name: string, value: string, length: number): ColumnSource => {
  return { name, data: new Array<string>(length).fill(value), type: "STRING" };
};
const stamps = (times: number[]): ColumnSource => ({
  name: "time",
  data: times.map((time) => time * 1000),
  type: "TIMESTAMP",
});

/**
 * Columns of hourly.parquet of one asset: the scored hours by their end; `unhedged`, and `<name>` before costs and `<name>_net` by method and
 * reference. Per unit of current notional.
 */
export function hourlyColumns(asset: string, { hours, methods, static: best, oracle }: Books): ColumnSource[] {
  const rows = [...hours.unhedged.keys()].filter((hour) => !Number.isNaN(hours.unhedged[hour]!));
  const pick = (name: string, series: Float64Array): ColumnSource => {
    return { name, data: Float64Array.from(rows, (hour) => series[hour]!), type: "DOUBLE" };
  };
  const ledgers: [string, Ledger][] = [...Object.entries(methods), ["static", best], ["oracle", oracle]];
  return [
    stamps(rows.map((hour) => hours.start + (hour + 1) * HOUR)),
    same("asset", asset, rows.length),
    pick("unhedged", hours.unhedged),
    ...ledgers.flatMap(([name, { gross, net }]) => [pick(name, gross), pick(`${name}_net`, net)]),
  ];
}

/**
 * Columns of decisions.parquet of one asset and method: `beta` as the method had it at the decision (null as long as it knew too little, and
 * for hedges that learn nothing), and `held`, what was short after it for one unit of notional.
 *
 * @param betas By decision and hedge
 * @param held By hour and hedge
 */
export function decisionColumns(
  { asset, hedges, times }: AssetCase,
  method: string,
  betas: Float64Array | undefined,
  held: Float32Array,
): ColumnSource[] {
  const size = hedges.length;
  const rows = [...times].flatMap((time, step) => hedges.map((hedge, j) => ({ time, hedge, at: step * size + j, j })));
  const hourOf = (time: number): number => (time - times[0]!) / HOUR;
  const betaAt = (at: number): number | null => (betas === undefined || Number.isNaN(betas[at]!) ? null : betas[at]!);
  const heldAt = Float64Array.from(rows, ({ time, j }) => held[hourOf(time) * size + j]!);
  return [
    stamps(rows.map(({ time }) => time)),
    same("asset", asset, rows.length),
    same("method", method, rows.length),
    { name: "hedge", data: rows.map(({ hedge }) => hedge), type: "STRING" },
    { name: "beta", data: rows.map(({ at }) => betaAt(at)), type: "DOUBLE" },
    { name: "held", data: heldAt, type: "DOUBLE" },
  ];
}
