import type { Cell, Column, ColumnKind, ReportTable } from "./table.js";

/** A column, and what it has of a row. */
export interface ColumnOf<R> extends Column {
  readonly cell: (row: R) => Cell;
}

/** Describes a column. */
export function column<R>(kind: ColumnKind, key: string, title: string, cell: (row: R) => Cell): ColumnOf<R> {
  return { key, title, kind, cell };
}

/** A table of rows of one kind, by its columns. */
export function tableOf<R>(title: string, rows: readonly R[], described: readonly ColumnOf<R>[]): ReportTable {
  const columns = described.map(({ cell: _, ...told }) => told);
  return { title, columns, rows: rows.map((row) => described.map(({ cell }) => cell(row))) };
}
