import path from "node:path";
import { renderReport } from "../report/html.js";
import { writeWhole } from "../run/part-store.js";
import type { Outcome } from "../run/run-backtest.js";
import { iso } from "../time.js";
import { makeFolder } from "./make-folder.js";
import { createParquetFile } from "./parquet-file.js";
import { decisionColumns, type HourlyExtent, hourlyColumns } from "./tables.js";

/** Files of a run. */
export const OUTPUTS = ["summary.json", "hourly.parquet", "decisions.parquet", "report.html", "run.json"] as const;

/** Writes all files of a run into a folder; each is whole, or as it was before. */
export async function writeOutputs(outcome: Outcome, folder: string, extent: HourlyExtent): Promise<void> {
  makeFolder(folder);
  const [summary, hourly, decisions, report, run] = OUTPUTS.map((name) => path.join(folder, name));
  await writeTables(outcome, extent, hourly!, decisions!);
  writeWhole(report!, renderReport(outcome));
  writeWhole(run!, `${JSON.stringify(conditions(outcome), null, 2)}\n`);
  writeWhole(summary!, `${JSON.stringify(outcome.scores.summary, null, 2)}\n`);
}

/** What the run was made with. Files are named, not where they lie on this machine. */
function conditions({ inputs, settings, cases, books, from, to, notes }: Outcome) {
  const name = (file: string | undefined): string | null => (file === undefined ? null : path.basename(file));
  const hours = cases.map(({ asset }) => {
    const { unhedged } = books.get(asset)!.hours;
    return [asset, { hours: unhedged.length, scored: unhedged.filter((value) => !Number.isNaN(value)).length }];
  });
  const files = { prices: name(inputs.prices), perps: name(inputs.perps), funding: name(inputs.funding) };
  const rounds = Object.fromEntries(Object.entries(inputs.rounds).map(([asset, file]) => [asset, name(file)]));
  const period = { from: iso(from), to: iso(to) };
  const { hedges, seed } = inputs;
  return { ...files, rounds, hedges, seed, settings, period, assets: Object.fromEntries(hours), notes };
}

/** The tables, asset by asset. */
async function writeTables(outcome: Outcome, extent: HourlyExtent, hourlyFile: string, decisionsFile: string) {
  const { cases, walks, books: kept, booksOf } = outcome;
  const hourly = createParquetFile(hourlyFile);
  const decided = createParquetFile(decisionsFile);
  for (const of of cases) {
    const books = booksOf(of);
    await hourly.add(hourlyColumns(of.asset, extent === "all" ? books : kept.get(of.asset)!, extent));
    for (const [method, { held }] of Object.entries(books.methods)) {
      await decided.add(decisionColumns(of, method, walks.get(of.asset)?.decisions[method], held));
    }
  }
  await hourly.finish();
  await decided.finish();
}
