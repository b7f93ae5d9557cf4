export { toCsv } from "./csv.js";
export { formatTable } from "./formatTable.js";
export type { Cell, Column, ColumnKind, ReportTable } from "./table.js";
