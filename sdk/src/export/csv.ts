import { formatUnits } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { type Cell, type Column, isoTime, type ReportTable, unitOf } from "./table.js";

const NEEDS_QUOTES = /[",\r\n]/;
/** Spreadsheets take such a text for a formula. */
const FORMULA = /^\s*[=+\-@＝＋－＠\t\r]/;

/**
 * A report as CSV (RFC 4180): one header line with the units, decimals exact, times in ISO 8601, lines that end in CRLF, an empty field where there is
 * no value. A text that a spreadsheet would take for a formula has an apostrophe before it.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT for a row that does not fit the columns
 * @example
 * toCsv(profitTable(report)); // part,usd,…
 */
export function toCsv({ columns, rows }: ReportTable): string {
  const header = columns.map((column) => field(headerOf(column)));
  const lines = rows.map((row, index) => {
    if (row.length === columns.length) return row.map((cell, k) => field(plain(columns[k] as Column, cell))).join(",");
    throw new CrosshedgeError("BAD_ARGUMENT", `Row ${index} has ${row.length} cells for ${columns.length} columns.`);
  });
  return [header.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

/** The key and the unit, which is not said twice. */
function headerOf(column: Column): string {
  const [key, unit] = [column.key, unitOf(column)];
  return unit === "" || `_${key}`.toLowerCase().endsWith(`_${unit}`.toLowerCase()) ? key : `${key}_${unit}`;
}

/** Every digit, and no separators. */
function plain({ kind, decimals }: Column, cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "string") return FORMULA.test(cell) ? `'${cell}` : cell;
  if (kind === "time") return isoTime(Number(cell));
  if (typeof cell !== "bigint") return String(cell);
  const places = kind === "integer" ? 0 : kind === "token" ? (decimals ?? 18) : 18;
  return formatUnits(cell, places).replace(/\.0$/, "");
}

function field(text: string): string {
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
