import {
  alignColumns,
  escapeHtml,
  minuteUtc,
  percent,
  renderBars,
  renderChart,
  SCRIPT,
  STYLE,
  table,
  usd,
} from "../report/index.js";
import { type StressSection, sectionsOf } from "./sections.js";
import type { StressReport, WorstCase } from "./stress-report.js";

/** Every row is read, so nothing scrolls. */
const OWN_STYLE = ".scroll{max-height:none}.below{margin-top:14px}td:first-child{min-width:130px}";

/** A report as text. */
export function formatStress(report: StressReport): string {
  const { vault, nav, notes } = report;
  const sections = sectionsOf(report).map(({ title, note, header, rows }) => {
    return [title, note, "", alignColumns([header, ...rows], 1)].join("\n");
  });
  return [
    `${vault.name} at block ${vault.block}, ${minuteUtc(vault.timestamp)} UTC: NAV ${usd(nav)}`,
    ...worstWords(report),
    ...report.cycles.words,
    "",
    ...sections.flatMap((section) => [section, ""]),
    ...(notes.length > 0 ? ["Notes:", ...notes.map((note) => `  - ${note}`)] : []),
  ].join("\n");
}

/** A report as one HTML file that needs nothing else. */
export function renderStress(report: StressReport): string {
  const { vault, nav, now, notes } = report;
  const title = `Stress: ${vault.name}`;
  const card = (key: string, value: string, small: string): string =>
    `<div class="card"><div class="k">${escapeHtml(key)}</div><div class="v">${escapeHtml(value)}</div><div class="s">${escapeHtml(small)}</div></div>`;
  const worst = (key: string, one: WorstCase | null): string =>
    one === null ? "" : card(key, percent(-one.loss), one.name);
  const cards = [
    card("NAV", usd(nav), `block ${vault.block}, ${minuteUtc(vault.timestamp)} UTC`),
    card(
      "Volatility a year",
      percent(now.volatility),
      `the hedge removes ${percent(now.effectiveness)} of the variance`,
    ),
    worst("Worst scenario", report.worst.scenario),
    worst("Worst replay", report.worst.replay),
  ].join("");
  const list = notes.map((note) => `<li>${escapeHtml(note)}</li>`).join("");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}${OWN_STYLE}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">${escapeHtml(vault.address)}, as it stands on-chain, with the positions that it holds: nobody trades on the way. ${escapeHtml(report.cycles.words.join("; "))}.</p>
<section class="cards" aria-label="Headline figures">${cards}</section>
${sectionsOf(report).map(renderSection).join("\n")}
${list && `<h2>Notes</h2><div class="panel"><ul>${list}</ul></div>`}
</main><script>${SCRIPT}</script></body></html>
`;
}

function renderSection({ title, note, header, rows, bars, charts = [] }: StressSection): string {
  const figures = [...(bars === undefined ? [] : [renderBars(bars)]), ...charts.map(renderChart)].join("");
  const below = figures === "" ? "" : `<div class="grid2 below">${figures}</div>`;
  return `<h2>${escapeHtml(title)}</h2><div class="panel">${table(header, rows, note)}</div>${below}`;
}

function worstWords({ worst }: StressReport): string[] {
  const words = (what: string, one: WorstCase | null): string[] =>
    one === null ? [] : [`worst ${what}: ${percent(-one.loss)} of the NAV (${one.name})`];
  return [...words("scenario", worst.scenario), ...words("replay", worst.replay)];
}
