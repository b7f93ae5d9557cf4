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
  encoding: "DELTA_BINARY_PACKED",
});
/** Single precision; bytes of the same rank together, which compresses well. */
const floats = (name: string, data: Float32Array): ColumnSource => {
  return { name, data, type: "FLOAT", encoding: "BYTE_STREAM_SPLIT" };
};

/** Which columns hourly.parquet has: the default method beside the naive one, or every method and the references. */
export type HourlyExtent = "default" | "all";

/**
 * Columns of hourly.parquet of one asset: the scored hours by their end; `unhedged`, and `<name>` before costs and `<name>_net` by method and
 * reference, per unit of current notional; with a margin account `<name>_margin`, its equity over its notional as the hour began, null
 * without a position, and `<name>_margin_low`, below which a top-up was ordered.
 *
 * @param books With all that is wanted of `extent`
 */
export function hourlyColumns(asset: string, books: Books, extent: HourlyExtent): ColumnSource[] {
  const { hours, methods, margins, static: best, oracle } = books;
  const rows = [...hours.unhedged.keys()].filter((hour) => !Number.isNaN(hours.unhedged[hour]!));
  const pick = (name: string, series: Float64Array): ColumnSource =>
    floats(
      name,
      Float32Array.from(rows, (hour) => series[hour]!),
    );
  const pickKnown = (name: string, series: Float32Array): ColumnSource => {
    return { name, data: rows.map((hour) => (Number.isNaN(series[hour]!) ? null : series[hour]!)), type: "FLOAT" };
  };
  const references: [string, Ledger][] =
    extent === "all"
      ? [
          ["static", best],
          ["oracle", oracle],
        ]
      : [];
  const ledgers = [...Object.entries(methods), ...references];
  return [
    stamps(rows.map((hour) => hours.start + (hour + 1) * HOUR)),
    same("asset", asset, rows.length),
    pick("unhedged", hours.unhedged),
    ...ledgers.flatMap(([name, { gross, net }]) => [pick(name, gross), pick(`${name}_net`, net)]),
    ...Object.entries(margins).flatMap(([name, { ratio, low }]) => [
      pickKnown(`${name}_margin`, ratio),
      pickKnown(`${name}_margin_low`, low),
    ]),
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
  const heldAt = Float32Array.from(rows, ({ time, j }) => held[hourOf(time) * size + j]!);
  return [
    stamps(rows.map(({ time }) => time)),
    same("asset", asset, rows.length),
    same("method", method, rows.length),
    { name: "hedge", data: rows.map(({ hedge }) => hedge), type: "STRING" },
    { name: "beta", data: rows.map(({ at }) => betaAt(at)), type: "FLOAT" },
    floats("held", heldAt),
  ];
}
