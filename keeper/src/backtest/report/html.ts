import path from "node:path";
import {
  type Chart,
  dayUtc,
  escapeHtml,
  percent,
  plain,
  renderChart,
  SCRIPT,
  STYLE,
  table,
} from "../../report/index.js";
import { bandOf, type Settings } from "../options.js";
import type { Outcome } from "../run/run-backtest.js";
import type { Score } from "../score/asset-score.js";
import { iso } from "../time.js";
import { assetChart, chartsOf } from "./charts.js";
import { liquidityTable } from "./liquidity.js";
import { marginChart, marginTable } from "./margin.js";
import { regimeChart, regimeTable } from "./regimes.js";
import { statesOf } from "./states.js";
import { assetTable, methodTable, tailTable } from "./tables.js";

/** More assets than this have no chart of their own. */
const MOST_CHARTS = 30;

/** Tables as long as they are, and narrow enough for many figures. */
const OWN_STYLE =
  ".scroll{max-height:none}.below{margin-top:14px}td,th{padding-right:10px}td:first-child{white-space:nowrap}";

const GLOSSARY: Record<string, string> = {
  "Hedge effectiveness":
    "1 − E[hedged²] / E[unhedged²] of the hourly profit and loss on the current notional: 100% = no market risk left, 0% = no help.",
  Net: "After the cost of trading, after funding.",
  Naive:
    "One USD short of the first hedge for each USD of exposure (for a position with its own perp: half of its value), whatever the data say.",
  "Hindsight-static":
    "The best constant ratios of the whole period for each asset, by least squares over the very hours that are scored: nobody could have known them.",
  "Daily oracle":
    "The best ratios of each day from the day itself. Its few hours make it look better than even perfect foresight of the true ratios would.",
  Turnover: "USD of hedges traded a day for one USD of notional; the opening trade is left out.",
  "Expected shortfall":
    "Mean loss in the worst 2.5% of hours; shown is the part of the unhedged one that is gone, net.",
  Drawdown: "Largest fall of compounded wealth from a peak; shown is the part of the unhedged one that is gone, net.",
  "Interval, DM, set":
    "95% interval of the lead over naive by stationary block bootstrap (10 days); Diebold–Mariano statistic against naive (negative is better); member of the 90% model confidence set.",
};

/** The report as one HTML file that needs nothing else: no network, no fonts, no libraries. */
export function renderReport(outcome: Outcome): string {
  const { scores, settings, cases } = outcome;
  const { summary } = scores;
  const chosen = summary.pooled[summary.default]!;
  const charts = chartsOf(outcome);
  const regimes = regimeChart(outcome);
  const liquidity = liquidityTable(outcome);
  const margin = marginTable(outcome);
  const wide = (chart: Chart): string => renderChart(chart).replace('class="chart"', 'class="chart wide"');
  const title = `Hedging ${what(outcome)}`;
  const { beyondNaive } = chosen;
  const lead = `${iso(outcome.from).slice(0, 10)} to ${iso(outcome.to).slice(0, 10)}. <b>${escapeHtml(summary.default)}</b> removed <b>${percent(chosen.he)}</b> of the variance of the hourly profit and loss before costs, <b>${percent(chosen.heNet)}</b> net of ${plain(settings.cost, 1)} bp a trade and of funding. The naive hedge removed ${percent(summary.naive.he)}; the lead of ${points(beyondNaive.mean)} points has the 95% interval ${points(beyondNaive.lower)} to ${points(beyondNaive.upper)}.`;
  const notes = outcome.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("");
  const own = cases.slice(0, MOST_CHARTS).map(({ asset }) => renderChart(assetChart(outcome, asset)));
  const glossary = Object.entries(GLOSSARY).map(([term, text]) => `<dt>${term}</dt><dd>${escapeHtml(text)}</dd>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}${OWN_STYLE}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${lead}</p>
<section class="cards" aria-label="Headline figures">${cards(outcome)}</section>
<h2>Every method</h2><div class="panel">${methodTable(outcome)}</div>
<h2>Hedged against unhedged</h2><div class="grid2">${wide(charts.growth)}${renderChart(charts.effectiveness)}${renderChart(charts.volatility)}</div>
<h2>Drawdown and expected shortfall</h2><div class="panel">${tailTable(outcome)}</div><div class="grid2 below">${wide(charts.drawdown)}</div>
<h2>When it was calm, and when it was wild</h2><div class="panel">${stateTable(outcome)}</div>
${regimes === undefined ? "" : `<h2>When hedges stopped working</h2><div class="panel">${regimeTable(outcome)}</div>`}
<h2>Every asset</h2><div class="panel">${assetTable(outcome)}</div>
${liquidity === undefined ? "" : `<h2>What the fees have to pay for</h2><div class="panel">${liquidity}</div>`}
${margin === undefined ? "" : `<h2>Margin, liquidations and top-ups</h2><div class="panel">${margin}</div><div class="grid2 below">${wide(marginChart(outcome)!)}</div>`}
<h2>Ratios, turnover and costs</h2><div class="grid2">${wide(charts.betas)}${regimes === undefined ? "" : wide(regimes)}${renderChart(charts.turnover)}${renderChart(charts.costs)}</div>
<h2>Ratios of each asset</h2><div class="grid2">${own.join("")}</div>
${cases.length > MOST_CHARTS ? `<p>The first ${MOST_CHARTS} of ${cases.length} assets are shown.</p>` : ""}
<h2>How it was done</h2><div class="panel">${around(outcome)}${notes && `<ul>${notes}</ul>`}</div>
<h2>The words</h2><div class="panel"><dl>${glossary.join("")}</dl></div>
</main><script>${SCRIPT}</script></body></html>
`;
}

/** "16 assets with ETH and BTC". */
function what({ cases, settings, inputs }: Outcome): string {
  const names = cases.map(({ asset }) => asset);
  const of = names.length > 3 ? `${names.length} assets` : names.join(", ");
  const range = `in the range of factor ${settings.rangeFactor}`;
  switch (settings.lp) {
    case undefined:
      return `${of} with ${inputs.hedges.join(" and ")}`;
    case "usdc":
      return `liquidity of ${of} in USDC with ${inputs.hedges.join(" and ")}, ${range}`;
    case "eth":
      return `liquidity of ${of} in ETH with ${inputs.hedges.join(" and ")}, ${range}`;
    case "own":
      return `liquidity of ${of} in USDC with its own perp, ${range}`;
  }
}

function feesOf(apr: number): string {
  if (apr > 0) return `${percent(apr)} of its value a year, taken as given`;
  return "none are counted: what is left of a hedged position falls by loss-versus-rebalancing, which fees have to pay for";
}

function marginOf({ marginTarget, marginLow, marginHigh, marginExceedance, marginFloor, marginCap }: Settings): string {
  const levels = `topped up below ${percent(marginLow, 0)} of the target, taken back above ${plain(marginHigh, 1)} times it`;
  if (marginTarget !== "data") return `${percent(marginTarget!)} of the shorts, ${levels}`;
  return `for moves that are exceeded in ${percent(marginExceedance, 2)} of cases, ordered below ${percent(marginFloor)} to ${percent(marginCap)}; ${levels}`;
}

function points(value: number): string {
  return plain(value * 100, 1);
}

function cards({ scores: { summary } }: Outcome): string {
  const chosen: Score = summary.pooled[summary.default]!;
  const card = (key: string, value: string, small: string): string =>
    `<div class="card"><div class="k">${escapeHtml(key)}</div><div class="v">${escapeHtml(value)}</div><div class="s">${escapeHtml(small)}</div></div>`;
  const share = (of: number): string => percent(chosen.he / of);
  return [
    card("Hedge effectiveness, net", percent(chosen.heNet), `before costs ${percent(chosen.he)}`),
    card("Naive", percent(summary.naive.he), `lead ${points(chosen.he - summary.naive.he)} points`),
    card("Hindsight-static", percent(summary.static.he), `reached ${share(summary.static.he)} of it`),
    card("Daily oracle", percent(summary.oracle.he), `reached ${share(summary.oracle.he)} of it`),
    card("Turnover a day", plain(chosen.turnoverPerDay, 3), `${plain(chosen.turnoverPerDay * 365, 1)} a year`),
    card("Expected shortfall cut", percent(chosen.es975Cut), `naive ${percent(summary.naive.es975Cut)}`),
    card("Largest drawdown cut", percent(chosen.maxDrawdownCut), `naive ${percent(summary.naive.maxDrawdownCut)}`),
    card("Worst asset", percent(summary.pooled[summary.default]!.worstHe), "before costs"),
  ].join("");
}

function stateTable(outcome: Outcome): string {
  const { contenders, rows } = statesOf(outcome);
  const header = ["Days", "Number", ...contenders.map(({ name }) => name)];
  return table(
    header,
    rows.map(({ name, days, effectiveness }) => [
      name,
      plain(days, 0),
      ...effectiveness.map((value) => percent(value)),
    ]),
    "Hedge effectiveness, net, mean over the assets. Wild and calm: thirds of the days by how much the first hedge moved. Calm, crash and decoupled as a day begins: the regime of the hedges' market, filtered from prices up to then; thin and dry: funding of three days beyond 99% of, and beyond all of that of 2019 to March 2021.",
  );
}

function around({ inputs, settings, cases, books, from, to }: Outcome): string {
  const name = (file: string | undefined): string => (file === undefined ? "none" : path.basename(file));
  const hours = [...books.values()].flatMap((book) => [...book.hours.unhedged]);
  const scored = hours.filter((value) => !Number.isNaN(value)).length;
  const band = bandOf(settings);
  const swaps = [...books.values()].reduce(
    (sum, book) => sum + (book.hours.lp?.swapped.filter((share) => share > 0).length ?? 0),
    0,
  );
  const facts: [string, string][] = [
    ["Prices", inputs.prices === undefined ? "generated from the seed, not real" : name(inputs.prices)],
    ["Perps, funding", `${name(inputs.perps)}, ${name(inputs.funding)}`],
    ["Learnt from", Object.keys(inputs.rounds).length > 0 ? "oracle rounds only" : "hourly bars"],
    [
      "Assets",
      cases.map(({ asset, times }) => (times[0]! > from ? `${asset} (from ${dayUtc(times[0]!)})` : asset)).join(", "),
    ],
    ["Period", `${iso(from)} to ${iso(to)}`],
    ["Decisions", `every ${settings.every} hours, from what is stamped more than ${settings.latency} seconds before`],
    ["Hours scored", `${plain(scored, 0)} of ${plain(hours.length, 0)}; in the others a price is not known`],
    ["No-trade band", band === 0 ? "none" : `${band}, to its ${settings.bandTo}`],
    ["Cost", `${settings.cost} bp of what is traded`],
    ["Seed", String(inputs.seed)],
  ];
  if (settings.lp !== undefined) facts.push(["Fees", feesOf(settings.feeApr)]);
  if (settings.marginTarget !== undefined) facts.push(["Margin", marginOf(settings)]);
  facts.push(["Re-centred", `${plain(swaps / cases.length, 0)} times, mean of the assets`]);
  return `<dl>${facts.map(([key, value]) => `<dt>${escapeHtml(key)}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>`;
}
