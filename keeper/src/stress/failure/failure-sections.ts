import { HOURS_PER_YEAR } from "../../model/contagion/failure-times.js";
import { percent, plain, usdCompact } from "../../report/index.js";
import type { StressSection } from "../sections.js";
import type { FailurePropagation } from "./failure-propagation.js";

/** How failures around the vault reach its holders, as parts of the stress report. */
export function failureSections({ clearing, cascade, components, times }: FailurePropagation): StressSection[] {
  return [
    clearingSection(clearing),
    cascadeSection(cascade),
    marketSection(cascade),
    timesSection(times),
    partSection(components, times),
  ].flat();
}

function clearingSection(rows: FailurePropagation["clearing"]): StressSection {
  const firms = Object.keys(rows[0]?.pays ?? {});
  return {
    key: "clearing",
    title: "Failures of venues and stables",
    note: "What holders have once vault, venues and stables have paid each other what they can (Eisenberg and Noe). Prices stay; the hedge that goes with a venue is counted above.",
    header: ["What fails", "Holders have", "Of now", ...firms.map((name) => `${name} pays`)],
    rows: rows.map(({ name, holders, left, pays }) => [
      name,
      usdCompact(holders),
      percent(left),
      ...firms.map((firm) => percent(pays[firm]!)),
    ]),
    bars: {
      title: "What holders have left",
      note: "Change from now.",
      bars: rows.slice(1).map(({ name, left }) => ({ name, value: left - 1 })),
    },
  };
}

function cascadeSection({ rows, shocks }: FailurePropagation["cascade"]): StressSection {
  return {
    key: "cascade",
    title: "Fire sales",
    note: "Where a fall ends that sells out a thousand accounts at about five times leverage. Depth: what must be sold for a log fall of one, over what they hold.",
    header: ["Depth", ...shocks.map((shock) => `a fall of ${percent(shock, 0)} ends at`), "Runs away from", "to"],
    rows: rows.map(({ depth, ends, critical }) => [
      plain(depth, 0),
      ...ends.map((end) => percent(end, 0)),
      percent(1 - Math.exp(-critical.at)),
      percent(1 - Math.exp(-critical.runsAway), 0),
    ]),
  };
}

function marketSection({ markets, judged }: FailurePropagation["cascade"]): StressSection[] {
  if (markets.length === 0 || judged.criticalDepth === null) return [];
  return [
    {
      key: "cascade-markets",
      title: "What the vault's markets bear",
      note: `A fall of ${percent(judged.shock, 0)} runs away below a depth of ${plain(judged.criticalDepth, 1)}: where such accounts hold more than this on a market's own depth, it does not stay what it is.`,
      header: ["Market", "Depth", "Bears positions of"],
      rows: markets.map(({ name, depth, bears }) => {
        return [name, usdCompact(depth), bears === null ? "any" : usdCompact(bears)];
      }),
    },
  ];
}

function timesSection(times: FailurePropagation["times"]): StressSection[] {
  if (times === null) return [];
  const within = (hours: number): string =>
    ({ 24: "a day", 168: "a week", 720: "30 days", [HOURS_PER_YEAR]: "a year" })[hours] ?? `${hours} h`;
  const row = (name: string, of: typeof times.unhedged, by: typeof times.unhedgedBy): string[] => [
    name,
    ...of.within.map(({ probability }) => percent(probability, 2)),
    ...of.quantiles.map(({ hours }) => (hours === null ? "later" : `${plain(hours / 24, 0)} days`)),
    by
      .slice(0, 3)
      .map(({ id, share }) => `${id} ${percent(share, 0)}`)
      .join(", ") || "nothing",
  ];
  return [
    {
      key: "failure-times",
      title: "Time to unhedged and to insolvency",
      note: `Five thousand seeded paths of five years over the parts below. Unhedged is the vault for ${percent(times.timeUnhedged, 3)} of the time.`,
      header: [
        "State",
        ...times.unhedged.within.map(({ hours }) => `within ${within(hours)}`),
        ...times.unhedged.quantiles.map(({ share }) => `${percent(share, 0)} by`),
        "Mostly through",
      ],
      rows: [row("unhedged", times.unhedged, times.unhedgedBy), row("insolvent", times.insolvent, times.insolventBy)],
    },
  ];
}

function partSection(
  components: FailurePropagation["components"],
  times: FailurePropagation["times"],
): StressSection[] {
  if (times === null) return [];
  return [
    {
      key: "failure-parts",
      title: "What is assumed of each part",
      note: "How often, how long and what it means are assumptions that --failures replaces; the loss follows from what the vault has there.",
      header: ["Part", "Failures a year", "Repaired after", "Holders lose", "Meaning"],
      rows: components.map(({ id, failuresPerYear, repairHours, loss, meaning }) => [
        id,
        plain(failuresPerYear, 3),
        repairHours === null ? "never" : `${plain(repairHours, 0)} h`,
        percent(loss),
        meaning,
      ]),
    },
  ];
}
