import { mkdirSync } from "node:fs";
import path from "node:path";
import { renderReport } from "../report/html.js";
import { writeWhole } from "../run/part-store.js";
import type { Outcome } from "../run/run-backtest.js";
import { createParquetFile } from "./parquet-file.js";
import { decisionColumns, hourlyColumns } from "./tables.js";

/** Files of a run. */
export const OUTPUTS = ["summary.json", "hourly.parquet", "decisions.parquet", "report.html"] as const;

/** Writes all files of a run into a folder; each is whole, or as it was before. */
export async function writeOutputs(outcome: Outcome, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [summary, hourly, decisions, report] = OUTPUTS.map((name) => path.join(folder, name));
  await writeTables(outcome, hourly!, decisions!);
  writeWhole(report!, renderReport(outcome));
  writeWhole(summary!, `${JSON.stringify(outcome.scores.summary, null, 2)}\n`);
}

/** The tables, asset by asset. */
async function writeTables({ cases, decisions, booksOf }: Outcome, hourlyFile: string, decisionsFile: string) {
  const hourly = createParquetFile(hourlyFile);
  const decided = createParquetFile(decisionsFile);
  for (const of of cases) {
    const books = booksOf(of);
    await hourly.add(hourlyColumns(of.asset, books));
    for (const [method, { held }] of Object.entries(books.methods)) {
      await decided.add(decisionColumns(of, method, decisions.get(of.asset)?.[method], held));
    }
  }
  await hourly.finish();
  await decided.finish();
}
