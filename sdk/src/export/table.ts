import { formatPercent, formatToken, formatUsd } from "../units.js";

/** What a column of a report holds. */
export type ColumnKind =
  /** USD, 1e18. */
  | "usd"
  /** A ratio, 1e18 = 100%. */
  | "ratio"
  /** Shares, 1e18. */
  | "shares"
  /** Token units; the column says the decimals. */
  | "token"
  /** Unix seconds. */
  | "time"
  /** A count. */
  | "integer"
  | "text";

/** A column of a report. */
export interface Column {
  /** For programs: a CSV's header is this and the unit. */
  readonly key: string;
  /** For people. */
  readonly title: string;
  readonly kind: ColumnKind;
  /** Of a token. */
  readonly decimals?: number;
  /** Of a token, such as its symbol; other kinds have their own. */
  readonly unit?: string;
}

/** A value in a report, in its column's unit; null where there is none. */
export type Cell = bigint | number | string | null;

/** A report as rows and columns, for {@link toCsv} and {@link formatTable}. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly Column[];
  /** As many cells as columns. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The unit of a column as headers have it; empty where there is none. */
export function unitOf({ kind, unit }: Column): string {
  switch (kind) {
    case "usd":
      return "USD";
    case "ratio":
      return "ratio";
    case "shares":
      return "shares";
    case "time":
      return "UTC";
    case "token":
      return unit ?? "tokens";
    default:
      return unit ?? "";
  }
}

/** Unix seconds as ISO 8601 in UTC. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}

/** A cell as people read it, rounded. */
export function cellText({ kind, decimals = 18 }: Column, cell: Cell): string {
  if (cell === null) return "-";
  if (kind === "time") return isoTime(Number(cell));
  if (typeof cell !== "bigint") return String(cell);
  switch (kind) {
    case "usd":
      return formatUsd(cell);
    case "ratio":
      return formatPercent(cell);
    case "shares":
      return formatToken(cell, 18, 4);
    case "token":
      return formatToken(cell, decimals, Math.min(decimals, 6));
    default:
      return cell.toString();
  }
}
