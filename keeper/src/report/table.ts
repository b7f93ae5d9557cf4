import { escapeHtml } from "./format.js";

/** A table of a page whose first column is text and whose others are figures. */
export function table(header: readonly string[], rows: readonly (readonly string[])[], note = ""): string {
  const cells = (tag: "td" | "th", row: readonly string[]): string =>
    row.map((cell, i) => `<${tag}${i > 0 ? ' class="n"' : ""}>${escapeHtml(cell)}</${tag}>`).join("");
  const body = rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("");
  const head = `<thead><tr>${cells("th", header)}</tr></thead>`;
  return `${note && `<p class="lead">${escapeHtml(note)}</p>`}<div class="scroll" tabindex="0"><table>${head}<tbody>${body}</tbody></table></div>`;
}

/**
 * Text in columns: the first ones to the left, figures to the right.
 *
 * @param left How many stand to the left
 */
export function alignColumns(rows: readonly (readonly string[])[], left = 2): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join("  ");
  return rows.map((row) => line(row).trimEnd()).join("\n");
}
