import type { ColumnSource } from "hyparquet-writer";
import type { Ledger } from "../account/ledger.js";
import type { Outcome } from "../run/run-backtest.js";
import { HOUR } from "../time.js";

const text = (name: string, data: string[]): ColumnSource => ({ name, data, type: "STRING" });
const stamps = (times: number[]): ColumnSource => ({
  name: "time",
  data: times.map((time) => time * 1000),
  type: "TIMESTAMP",
});

/**
 * Columns of hourly.parquet, a part an asset: the scored hours by their end; `unhedged`, and `<name>` before costs and `<name>_net` by method
 * and reference. Per unit of current notional.
 */
export function* hourlyColumns({ cases, booksOf }: Outcome): Generator<ColumnSource[]> {
  for (const of of cases) {
    const { asset } = of;
    const { hours, methods, static: best, oracle } = booksOf(of);
    const rows = [...hours.unhedged.keys()].filter((hour) => !Number.isNaN(hours.unhedged[hour]!));
    const pick = (name: string, series: Float64Array): ColumnSource => {
      return { name, data: Float64Array.from(rows, (hour) => series[hour]!), type: "DOUBLE" };
    };
    const both = ([name, { gross, net }]: [string, Ledger]): ColumnSource[] => [
      pick(name, gross),
      pick(`${name}_net`, net),
    ];
    yield [
      stamps(rows.map((hour) => hours.start + (hour + 1) * HOUR)),
      text(
        "asset",
        rows.map(() => asset),
      ),
      pick("unhedged", hours.unhedged),
      ...[
        ...Object.entries(methods),
        ["static", best] as [string, Ledger],
        ["oracle", oracle] as [string, Ledger],
      ].flatMap(both),
    ];
  }
}

/**
 * Columns of decisions.parquet, a part an asset and method: `beta` as the method had it at the decision (null as long as it knew too little, and
 * for hedges that learn nothing), and `held`, what was short after it for one unit of notional.
 */
export function* decisionColumns({ cases, decisions, booksOf }: Outcome): Generator<ColumnSource[]> {
  for (const of of cases) {
    const { asset, hedges, times } = of;
    const { methods } = booksOf(of);
    for (const [method, { held }] of Object.entries(methods)) {
      const betas = decisions.get(asset)?.[method];
      const size = hedges.length;
      const rows = [...times].flatMap((time, step) =>
        hedges.map((hedge, j) => ({ time, hedge, at: step * size + j, j })),
      );
      const hourOf = (time: number): number => (time - times[0]!) / HOUR;
      yield [
        stamps(rows.map(({ time }) => time)),
        text(
          "asset",
          rows.map(() => asset),
        ),
        text(
          "method",
          rows.map(() => method),
        ),
        text(
          "hedge",
          rows.map(({ hedge }) => hedge),
        ),
        {
          name: "beta",
          type: "DOUBLE",
          data: rows.map(({ at }) => (betas === undefined || Number.isNaN(betas[at]!) ? null : betas[at]!)),
        },
        {
          name: "held",
          type: "DOUBLE",
          data: Float64Array.from(rows, ({ time, j }) => held[hourOf(time) * size + j]!),
        },
      ];
    }
  }
}
