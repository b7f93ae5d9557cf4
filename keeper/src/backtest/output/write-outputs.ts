import { mkdirSync } from "node:fs";
import path from "node:path";
import { renderReport } from "../report/html.js";
import { writeWhole } from "../run/part-store.js";
import type { Outcome } from "../run/run-backtest.js";
import { decisionColumns, hourlyColumns } from "./tables.js";
import { writeParquet } from "./write-parquet.js";

/** Files of a run. */
export const OUTPUTS = ["summary.json", "hourly.parquet", "decisions.parquet", "report.html"] as const;

/** Writes all files of a run into a folder; each is whole, or as it was before. */
export async function writeOutputs(outcome: Outcome, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [summary, hourly, decisions, report] = OUTPUTS.map((name) => path.join(folder, name));
  await writeParquet(hourly!, hourlyColumns(outcome));
  await writeParquet(decisions!, decisionColumns(outcome));
  writeWhole(report!, renderReport(outcome));
  writeWhole(summary!, `${JSON.stringify(outcome.scores.summary, null, 2)}\n`);
}
