import { compact, dayUtc, escapeHtml, isFirstOfMonth, minuteUtc, monthUtc } from "./format.js";

/** One line of a chart. `color` is a CSS value; `dash` tells lines apart without colour. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly color: string;
  readonly dash?: string;
  readonly step?: boolean;
}

export interface Chart {
  readonly title: string;
  /** One sentence below the title. */
  readonly note: string;
  /** Shown on the value axis. */
  readonly unit: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** An area between two series, drawn behind the lines. */
  readonly band?: { readonly lower: Series; readonly upper: Series; readonly name: string };
  /** Times marked on the time axis. */
  readonly marks?: { readonly times: readonly number[]; readonly name: string };
  /** Draw the lines on top of each other, as areas. They must not be negative. */
  readonly stacked?: boolean;
  readonly zero?: boolean;
  /** How values read in the legend, and on the axis. */
  readonly format?: (value: number) => string;
  readonly axis?: (value: number) => string;
}

/** The plot's own units; stretched to the page, while all text is HTML and keeps its size. */
const WIDTH = 1000;
const HEIGHT = 300;

/** Round values that cover [low, high], four to seven of them. */
export function ticks(low: number, high: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const raw = span / 5;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  const step = magnitude * ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= raw) ?? 10);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Midnights (UTC), at most about eight of them; first days of months where the chart is long. */
export function dayTicks(times: readonly number[]): number[] {
  const midnights = times.filter((time) => time % 86_400 === 0 && (!isLong(times) || isFirstOfMonth(time)));
  const every = Math.max(1, Math.ceil(midnights.length / 8));
  return midnights.filter((_, i) => i % every === 0);
}

/** More than about half a year. */
function isLong(times: readonly number[]): boolean {
  return (times.at(-1) ?? 0) - (times[0] ?? 0) > 200 * 86_400;
}

function finite(values: readonly (number | null)[]): number[] {
  return values.filter((value): value is number => value !== null && Number.isFinite(value));
}

/** An SVG path through the values that are there; gaps stay gaps. */
function pathOf(values: readonly (number | null)[], x: (i: number) => number, y: (v: number) => number, step: boolean) {
  let path = "";
  let previous: number | undefined;
  values.forEach((value, i) => {
    if (value === null || !Number.isFinite(value)) {
      previous = undefined;
      return;
    }
    const [px, py] = [x(i).toFixed(1), y(value).toFixed(1)];
    if (previous === undefined) path += `M${px} ${py}`;
    else path += step ? `H${px}V${py}` : `L${px} ${py}`;
    previous = value;
  });
  return path;
}

type Series = readonly (number | null)[];

/** The area between two series, in pieces where one of them is missing. */
function areaOf(upper: Series, lower: Series, x: (i: number) => number, y: (v: number) => number): string {
  const pieces: { there: string[]; back: string[] }[] = [];
  let piece: { there: string[]; back: string[] } | undefined;
  upper.forEach((high, i) => {
    const low = lower[i] ?? null;
    if (high === null || low === null) {
      piece = undefined;
      return;
    }
    if (piece === undefined) {
      piece = { there: [], back: [] };
      pieces.push(piece);
    }
    piece.there.push(`${x(i).toFixed(1)} ${y(high).toFixed(1)}`);
    piece.back.unshift(`${x(i).toFixed(1)} ${y(low).toFixed(1)}`);
  });
  return pieces.map(({ there, back }) => `M${[...there, ...back].join("L")}Z`).join("");
}

/** Running sums of the lines: what lies under each line of a stack, and above it. */
function stack(lines: readonly Line[]): number[][] {
  const layers = [lines[0]?.values.map(() => 0) ?? []];
  for (const line of lines) layers.push(line.values.map((value, i) => layers.at(-1)![i]! + (value ?? 0)));
  return layers;
}

/** What the legend shows beside each name: a text for each time. The page's script picks the one under the pointer. */
function readings({ lines, band, format = compact }: Chart): { name: string; values: string[] }[] {
  const shown = lines.map(({ name, values }) => ({
    name,
    values: values.map((v) => (v === null ? "n/a" : format(v))),
  }));
  if (band === undefined) return shown;
  const ranges = band.lower.map((low, i) => {
    const high = band.upper[i] ?? null;
    return low === null || high === null ? "none" : `${format(low)} to ${format(high)}`;
  });
  return [...shown, { name: band.name, values: ranges }];
}

function legend({ lines, marks, stacked }: Chart, shown: readonly { name: string; values: string[] }[]): string {
  const items = shown.map(({ name, values }, i) => {
    const line = lines[i];
    let swatch = '<span class="swatch band-swatch"></span>';
    if (line !== undefined) {
      const stroke = `stroke-width="2.5"${line.dash ? ` stroke-dasharray="${line.dash}"` : ""}`;
      const shape = stacked
        ? `<rect width="22" height="10" y="1" style="fill:${line.color}" fill-opacity=".7"/>`
        : `<line x2="22" y1="6" y2="6" style="stroke:${line.color}" ${stroke}/>`;
      swatch = `<svg width="22" height="12" aria-hidden="true">${shape}</svg>`;
    }
    return `<li>${swatch}${escapeHtml(name)} <b>${escapeHtml(values.at(-1) ?? "")}</b></li>`;
  });
  if (marks) items.push(`<li><span class="swatch mark-swatch"></span>${escapeHtml(marks.name)}</li>`);
  return `<ul class="legend">${items.join("")}</ul>`;
}

/** A chart as a self-contained <figure>; the page's script adds the readout under the pointer. */
export function renderChart(chart: Chart): string {
  const { times, lines, band, marks, axis = compact } = chart;
  const layers = chart.stacked ? stack(lines) : [];
  const all = [
    ...(chart.stacked ? layers.flat() : lines.flatMap((line) => finite(line.values))),
    ...(band ? [...finite(band.lower), ...finite(band.upper)] : []),
    ...(chart.zero ? [0] : []),
  ];
  const low = all.reduce((a, b) => Math.min(a, b), all[0] ?? 0);
  const high = all.reduce((a, b) => Math.max(a, b), all[0] ?? 1);
  const levels = ticks(low, high);
  const [bottom, top] = [levels[0]!, levels.at(-1)!];
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 1];
  const share = (time: number) => (last > first ? (time - first) / (last - first) : 0);
  const x = (i: number) => share(times[i]!) * WIDTH;
  const y = (value: number) => HEIGHT - ((value - bottom) / (top - bottom)) * HEIGHT;
  const at = (fraction: number) => `${(fraction * 100).toFixed(2)}%`;

  const days = dayTicks(times);
  const labels = days.filter((day) => share(day) < 0.97); // the last one would leave the card
  const grid = [
    ...levels.map((level) => `<path class="${level === 0 ? "axis" : "grid"}" d="M0 ${y(level).toFixed(1)}H${WIDTH}"/>`),
    ...days.map((day) => `<path class="grid" d="M${(share(day) * WIDTH).toFixed(1)} 0V${HEIGHT}"/>`),
  ];
  const shapes = lines.map(({ values, color, dash, step }, i) =>
    chart.stacked
      ? `<path class="area" style="fill:${color}" d="${areaOf(layers[i + 1]!, layers[i]!, x, y)}"/>`
      : `<path class="line" style="stroke:${color}"${dash ? ` stroke-dasharray="${dash}"` : ""} d="${pathOf(values, x, y, step ?? false)}"/>`,
  );
  const behind = band ? `<path class="band" d="${areaOf(band.upper, band.lower, x, y)}"/>` : "";
  const bars = (marks?.times ?? []).map(
    (time) => `<path class="mark" d="M${(share(time) * WIDTH).toFixed(1)} ${HEIGHT - 12}V${HEIGHT}"/>`,
  );
  const shown = readings(chart);
  // A string inside <script> may not close it.
  const data = JSON.stringify({ times: [...times], values: shown.map(({ values }) => values) }).replaceAll(
    "<",
    "\\u003c",
  );

  return `<figure class="chart">
<figcaption><h3>${escapeHtml(chart.title)}</h3><p>${escapeHtml(chart.note)}</p></figcaption>
${legend(chart, shown)}
<div class="plot"><div class="unit"><span>${escapeHtml(chart.unit)}</span><time>${times.length > 0 ? `${minuteUtc(last)} UTC` : ""}</time></div>
<div class="y" aria-hidden="true">${levels.map((level) => `<span style="top:${at(y(level) / HEIGHT)}">${escapeHtml(axis(level))}</span>`).join("")}</div>
<div class="field"><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(`${chart.title}, ${chart.unit}. ${chart.note}`)}">${grid.join("")}${behind}${shapes.join("")}${bars.join("")}</svg><div class="cursor" hidden></div></div>
<div class="x" aria-hidden="true">${labels.map((day) => `<span style="left:${at(share(day))}">${isLong(times) ? monthUtc(day) : dayUtc(day)}</span>`).join("")}</div></div>
<script type="application/json">${data}</script>
</figure>`;
}
