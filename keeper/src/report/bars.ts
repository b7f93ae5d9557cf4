import { escapeHtml, percent } from "./format.js";

/** One bar: a share, to the left of zero where it is negative. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** Shares side by side. */
export interface BarChart {
  readonly title: string;
  /** One sentence below the title. */
  readonly note: string;
  readonly bars: readonly Bar[];
}

/** Bars as a self-contained <figure>, each with its figure in words. */
export function renderBars({ title, note, bars }: BarChart): string {
  const low = Math.min(0, ...bars.map(({ value }) => value));
  const high = Math.max(0, ...bars.map(({ value }) => value));
  const span = high - low || 1;
  const at = (value: number): string => `${(((value - low) / span) * 100).toFixed(2)}%`;
  const rows = bars.map(({ name, value }) => {
    const width = `${((Math.abs(value) / span) * 100).toFixed(2)}%`;
    const shape = `<i class="${value < 0 ? "loss" : "gain"}" style="left:${at(Math.min(0, value))};width:${width}"></i>`;
    return `<li><span>${escapeHtml(name)}</span><div><u style="left:${at(0)}"></u>${shape}</div><b>${percent(value)}</b></li>`;
  });
  return `<figure class="chart wide">
<figcaption><h3>${escapeHtml(title)}</h3><p>${escapeHtml(note)}</p></figcaption>
<ul class="bars">${rows.join("")}</ul>
</figure>`;
}
