import { type Chart, percent, plain, table } from "../../report/index.js";
import type { Outcome } from "../run/run-backtest.js";
import type { Squares, WatchedLosses } from "../score/watched-losses.js";
import { HOUR } from "../time.js";
import { daysOf } from "./days.js";

/** How many assets were alarmed and how likely their relations held, at each midnight; undefined for a method that does not watch. */
export function regimeChart({ books, cases, walks, settings, scores }: Outcome): Chart | undefined {
  const { times } = daysOf([...books.values()]);
  const watched = cases.flatMap((of) => {
    const watch = walks.get(of.asset)!.watches[scores.summary.default];
    return watch === undefined ? [] : [{ watch, times: of.times }];
  });
  if (watched.length === 0) return undefined;
  const mean = (of: (one: (typeof watched)[number], at: number) => number): (number | null)[] =>
    times.map((time) => {
      const known = watched.flatMap((one) => {
        const at = Math.min(Math.floor((time - one.times[0]!) / (settings.every * HOUR)), one.times.length - 1);
        const value = at < 0 ? Number.NaN : of(one, at);
        return Number.isNaN(value) ? [] : [value];
      });
      return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
    });
  return {
    title: "Whether the hedges still work",
    note: "Assets on whose hedge there is an alarm, and the probability that the relation holds, mean over the assets.",
    unit: "%",
    times,
    lines: [
      { name: "alarmed", color: "var(--b)", values: mean(({ watch }, at) => watch.alarmed[at]!) },
      { name: "probability", color: "var(--a)", dash: "8 3", values: mean(({ watch }, at) => watch.holds[at]!) },
      { name: "cut", color: "var(--c)", dash: "3 2", values: mean(({ watch }, at) => watch.cut[at]!) },
    ],
    format: (value) => percent(value),
    axis: (value) => percent(value, 0),
    zero: true,
  };
}

/** What the alarms came to, with and without what was done about them; empty for a method that does not watch. */
export function regimeTable({ losses, scores }: Outcome): string {
  const all = [...losses.values()];
  if (all.length === 0) return "";
  const total = (of: (one: WatchedLosses) => number): number => all.reduce((sum, one) => sum + of(one), 0);
  const alarmed = all.filter(({ alarmed }) => alarmed.bare > 0);
  const row = (name: string, days: number, alarms: string, of: readonly Squares[]): string[] => {
    const mean = (squares: (one: Squares) => number): number =>
      of.reduce((sum, one) => sum + 1 - squares(one) / one.bare, 0) / of.length;
    const [guarded, unguarded] = [mean((one) => one.guarded), mean((one) => one.unguarded)];
    const figures = [percent(guarded), percent(unguarded), plain((unguarded - guarded) * 100, 2)];
    return [name, alarms, plain(days, 0), ...figures.map((text, i) => (i > 0 && Number.isNaN(unguarded) ? "" : text))];
  };
  const rows = [
    row(
      "alarmed",
      total((one) => one.daysAlarmed),
      plain(
        total((one) => one.alarms),
        0,
      ),
      alarmed.map((one) => one.alarmed),
    ),
    row(
      "all",
      total((one) => one.days),
      "",
      all.map((one) => one.all),
    ),
  ];
  return table(
    ["Days", "Alarms", "Days of an asset", scores.summary.default, "Without its guard", "Cost, points"],
    alarmed.length === 0 ? rows.slice(1) : rows,
    "Hedge effectiveness, net, mean over the assets that have such days. The cost of the guard is what it gives away of it.",
  );
}
