import { percent, plain, table } from "../../report/index.js";
import type { Books } from "../account/strategies.js";
import { NAIVE } from "../learn/registry.js";
import type { Outcome } from "../run/run-backtest.js";
import type { Score } from "../score/asset-score.js";
import { expectedShortfall } from "../statistics/expected-shortfall.js";
import { maxDrawdown } from "../statistics/max-drawdown.js";
import { contenders } from "./contenders.js";
import { basket, daysOf } from "./days.js";

const points = (value: number): string => plain(value * 100, 1);

function figures({ he, heNet, turnoverPerDay, es975Cut, maxDrawdownCut }: Score): string[] {
  return [percent(he), percent(heNet), plain(turnoverPerDay, 3), percent(es975Cut), percent(maxDrawdownCut)];
}

/** Every method with the references below. */
export function methodTable({ scores: { summary } }: Outcome): string {
  const header = [
    "Method",
    "Effectiveness",
    "Net",
    "Turnover/day",
    "ES cut",
    "Drawdown cut",
    "Worst asset",
    "Beyond naive (95%)",
    "DM",
    "In set",
  ];
  const rows = Object.entries(summary.pooled).map(([name, score]) => {
    const { beyondNaive, dieboldMariano, confidenceSet, worstHe } = score;
    const against =
      name === NAIVE
        ? ["", ""]
        : [
            `${points(beyondNaive.mean)} (${points(beyondNaive.lower)} to ${points(beyondNaive.upper)})`,
            plain(dieboldMariano.statistic, 1),
          ];
    const label = name === summary.default ? `${name} (default)` : name;
    return [label, ...figures(score), percent(worstHe), ...against, confidenceSet.member ? "yes" : "no"];
  });
  const blank = ["", "", "", ""];
  return table(header, [
    ...rows,
    ["hindsight-static", ...figures(summary.static), ...blank],
    ["daily oracle", ...figures(summary.oracle), ...blank],
  ]);
}

/** Every asset under the default method, beside the references. */
export function assetTable({ scores: { summary, references }, books }: Outcome): string {
  const header = [
    "Asset",
    "Effectiveness",
    "Net",
    "Turnover a day",
    "ES cut",
    "Drawdown cut",
    "Naive",
    "Static",
    "Oracle",
    "Hours scored",
  ];
  const rows = Object.entries(summary.methods[summary.default]!).map(([asset, score]) => [
    asset,
    ...figures(score),
    percent(summary.methods[NAIVE]![asset]!.he),
    percent(references.static[asset]!.he),
    percent(references.oracle[asset]!.he),
    plain(books.get(asset)!.hours.unhedged.filter((value) => !Number.isNaN(value)).length, 0),
  ]);
  const pooled = summary.pooled[summary.default]!;
  const mean = [
    "mean",
    ...figures(pooled),
    percent(summary.naive.he),
    percent(summary.static.he),
    percent(summary.oracle.he),
    "",
  ];
  return table(header, [...rows, mean]);
}

/** How bad it got, unhedged and under each contender: the worst hours, and the largest drawdown; of the assets and of a basket of them. */
export function tailTable({ scores: { summary }, books }: Outcome): string {
  const all = [...books.values()];
  const days = daysOf(all);
  const bare = ({ hours }: Books): Float64Array => hours.unhedged.map((value, hour) => value - hours.upkeep[hour]!);
  const net = contenders(summary.default).map(({ name, ledger }) => ({ name, of: (book: Books) => ledger(book).net }));
  const rows = [{ name: "unhedged", of: bare }, ...net].map(({ name, of }) => {
    const series = all.map((book) => of(book).filter((value) => !Number.isNaN(value)));
    const mean = (measure: (returns: Float64Array) => number): number =>
      series.reduce((sum, returns) => sum + measure(returns) / series.length, 0);
    const together = basket(all, days, of);
    return [
      name,
      percent(mean(expectedShortfall), 2),
      percent(mean(maxDrawdown)),
      percent(expectedShortfall(together), 2),
      percent(maxDrawdown(together)),
    ];
  });
  const header = ["Net", "ES 97.5%, mean of the assets", "Drawdown, mean", "ES 97.5%, basket", "Drawdown, basket"];
  return table(header, rows, "Expected shortfall: the mean loss in the worst 2.5% of hours, in % of the notional.");
}
