import { HOUR } from "../backtest/time.js";
import { type BarChart, type Chart, minuteUtc, percent, usd } from "../report/index.js";
import { failureSections } from "./failure/failure-sections.js";
import type { ReplayResult } from "./replay.js";
import type { LegOutcome, ScenarioResult } from "./run-scenario.js";
import type { GroupResult, StressReport } from "./stress-report.js";

/** A part of the report: what is printed, and what the page shows. */
export interface StressSection {
  readonly key: string;
  readonly title: string;
  /** What it shows, in one or two sentences. */
  readonly note: string;
  /** The first column is text, the others are figures. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly bars?: BarChart;
  readonly charts?: readonly Chart[];
}

/** Everything that a report shows, in its order. */
const SECTIONS: readonly ((report: StressReport) => readonly StressSection[])[] = [
  scenarioSections,
  replaySections,
  ({ failures }) => failureSections(failures),
];

/** The sections of a report. */
export function sectionsOf(report: StressReport): StressSection[] {
  return SECTIONS.flatMap((make) => make(report));
}

const SCENARIO_HEADER = [
  "Scenario",
  "NAV",
  "USD",
  "Of it hedge",
  "Loss counted",
  "Volatility",
  "Variance removed",
  "Least margin",
];

function scenarioSections({ groups, now }: StressReport): StressSection[] {
  return groups.map(({ key, title, note, results }) => {
    const rows = [now, ...results].map(scenarioRow);
    const bars = barsOf({ key, title, note, results });
    return { key, title, note, header: SCENARIO_HEADER, rows, ...(bars === undefined ? {} : { bars }) };
  });
}

function scenarioRow(result: ScenarioResult): string[] {
  const { name, share, change, hedge, counted, volatility, effectiveness, legs } = result;
  return [
    name,
    percent(share),
    usd(change),
    usd(hedge),
    percent(counted),
    percent(volatility),
    percent(effectiveness),
    marginWords(legs),
  ];
}

/** Scenarios that differ in volatility alone share a bar; without a change of the NAV there are none. */
function barsOf({ title, results }: GroupResult): BarChart | undefined {
  const distinct = results.filter(({ share }, i) => i === 0 || share !== results[i - 1]!.share);
  if (distinct.every(({ share }) => share === 0)) return undefined;
  return { title, note: "Change of the NAV.", bars: distinct.map(({ name, share }) => ({ name, value: share })) };
}

function replaySections({ replays }: StressReport): StressSection[] {
  if (replays.length === 0) return [];
  return [
    {
      key: "replays",
      title: "Replays",
      note: "The vault's positions, untouched, through hourly prices of the past: what moves within an hour is not seen, and fees and funding are not counted.",
      header: [
        "Window",
        "From",
        "Days",
        "End",
        "Lowest, hour",
        "Unhedged, end",
        "Unhedged, lowest",
        "Hedge",
        "Least margin",
        "Margin brought",
      ],
      rows: replays.map(replayRow),
      bars: {
        title: "Lowest NAV on the way",
        note: "Change from the start, with the hedge and without it.",
        bars: replays.flatMap(({ name, worst, unhedged }) => [
          { name, value: worst.share },
          { name: `${name}, unhedged`, value: unhedged.worst },
        ]),
      },
      charts: replays.map(replayChart),
    },
  ];
}

function replayRow(result: ReplayResult): string[] {
  const { name, from, hours, share, worst, unhedged, hedge, legs, topUps } = result;
  return [
    name,
    minuteUtc(from).slice(0, 10),
    (hours / 24).toFixed(0),
    percent(share),
    `${percent(worst.share)}, ${(worst.time - from) / HOUR}`,
    percent(unhedged.share),
    percent(unhedged.worst),
    usd(hedge),
    marginWords(legs),
    topUps.number === 0 ? "none" : usd(topUps.usd),
  ];
}

function replayChart({ name, path }: ReplayResult): Chart {
  const format = (value: number): string => percent(value);
  return {
    title: name,
    note: "Change of the NAV since the start of the window.",
    unit: "% of the NAV",
    times: path.times,
    lines: [
      { name: "without the hedge", values: path.unhedged, color: "var(--unhedged)", dash: "8 3" },
      { name: "with the hedge", values: path.hedged, color: "var(--hedged)" },
    ],
    zero: true,
    format,
    axis: (value) => percent(value, 0),
  };
}

/** The thinnest leg's margin over its notional, and whether any was liquidated. */
function marginWords(legs: readonly LegOutcome[]): string {
  const ratios = legs.flatMap(({ leastMargin }) => (leastMargin === null ? [] : [leastMargin]));
  if (ratios.length === 0) return "no shorts";
  const least = percent(Math.min(...ratios), 0);
  return legs.some(({ liquidated }) => liquidated) ? `${least}, liquidated` : least;
}
