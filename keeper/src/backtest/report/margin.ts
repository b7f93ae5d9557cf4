import { type Chart, percent, plain, table } from "../../report/index.js";
import type { MarginRecord } from "../account/margin-record.js";
import type { Outcome } from "../run/run-backtest.js";
import type { MarginScore } from "../score/margin-score.js";
import { DAY, HOUR, iso } from "../time.js";
import { daysOf } from "./days.js";

/** Liquidations that are dated in the table; more are counted. */
const MOST_DATES = 3;

/** How the accounts behind the default method's hedges fared; undefined where none are kept. */
export function marginTable({ scores: { summary }, books, settings }: Outcome): string | undefined {
  if (summary.margin === undefined) return undefined;
  const { assets, mean } = summary.margin;
  const header = [
    ...["Asset", "Liquidations", "Top-ups", "Hours below low", "Low, mean", "Margin, mean", "largest"],
    ...["Least rise to liquidation", "Largest top-up", "Refused trades", "Liquidated on"],
  ];
  const row = (name: string, score: MarginScore, digits: number, dates: string): string[] => [
    ...[name, plain(score.liquidations, digits), plain(score.topUps, digits), plain(score.hoursBelowLow, digits)],
    ...[percent(score.meanLow), percent(score.meanMargin), percent(score.largestMargin)],
    ...[percent(score.leastDistance), percent(score.largestTopUp), plain(score.refusedTrades, digits), dates],
  ];
  const rows = Object.entries(assets).map(([asset, score]) => {
    const book = books.get(asset)!;
    return row(asset, score, 0, datesOf(book.margins[summary.default]!, book.hours.start));
  });
  const { marginTarget, topUpLatency, maintenance } = settings;
  const size = marginTarget === "data" ? "sized by data" : `${percent(marginTarget!)} of the shorts`;
  const note = `Margin ${size}; what is ordered below the low arrives ${topUpLatency} hours later; liquidated below ${percent(maintenance, 2)}. Shares are of the shorts' notional. The least rise is what all shorts could still have risen by at the worst mark, negative where they had risen further; marks are hourly closes.`;
  return table(header, [...rows, row("mean", mean, 1, "")], note);
}

function datesOf({ liquidated, liquidations }: MarginRecord, start: number): string {
  const dates: string[] = [];
  liquidated.forEach((one, hour) => {
    if (one === 1 && dates.length < MOST_DATES) dates.push(iso(start + (hour + 1) * HOUR).slice(0, 10));
  });
  return liquidations > dates.length ? `${dates.join(", ")} …` : dates.join(", ");
}

/** Margin by day: of the thinnest account, of all, and what ordered a top-up; undefined where no accounts are kept. */
export function marginChart({ scores: { summary }, books, settings }: Outcome): Chart | undefined {
  if (summary.margin === undefined) return undefined;
  const days = daysOf([...books.values()]);
  const count = days.times.length;
  const [least, sum, low, hours] = [
    new Float64Array(count).fill(Number.POSITIVE_INFINITY),
    ...[0, 0, 0].map(() => new Float64Array(count)),
  ] as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (const { margins, hours: own } of books.values()) {
    const record = margins[summary.default]!;
    record.ratio.forEach((ratio, hour) => {
      if (Number.isNaN(ratio)) return;
      // Shown at the midnight that ends the day.
      const day = Math.floor((own.start + hour * HOUR - days.start) / DAY) + 1;
      least[day] = Math.min(least[day]!, ratio);
      sum[day]! += ratio;
      low[day]! += record.low[hour]!;
      hours[day]! += 1;
    });
  }
  const known = (of: (day: number) => number): (number | null)[] =>
    days.times.map((_, day) => (hours[day]! > 0 ? of(day) : null));
  return {
    title: "Margin",
    note: "Equity of the accounts over their shorts, by day. Below the low a top-up was ordered; below maintenance the venue would have liquidated.",
    unit: "% of the shorts",
    times: days.times,
    lines: [
      { name: "mean", color: "var(--a)", values: known((day) => sum[day]! / hours[day]!) },
      { name: "thinnest account, worst hour", color: "var(--b)", dash: "8 3", values: known((day) => least[day]!) },
      { name: "low, mean", color: "var(--c)", dash: "3 2", values: known((day) => low[day]! / hours[day]!) },
      { name: "maintenance", color: "var(--unhedged)", dash: "1 3", values: known(() => settings.maintenance) },
    ],
    format: (value) => percent(value),
    axis: (value) => percent(value, 0),
    zero: true,
  };
}
