import { table } from "../report/table.js";
import { cellText, type ReportTable } from "./table.js";

/**
 * A report as aligned plain text for a terminal or a log.
 *
 * @example
 * console.log(formatTable(sharePriceTable(prices)));
 */
export function formatTable({ title, columns, rows }: ReportTable): string {
  const head = columns.map((column) => column.title);
  const body = rows.map((row) => columns.map((column, k) => cellText(column, row[k] ?? null)));
  return `${title}\n\n${table([head, ...body])}\n`;
}
