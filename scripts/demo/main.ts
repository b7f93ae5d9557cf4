import { CrosshedgeError } from "@crosshedge/sdk";
import { UsageError } from "../errors.js";
import { parseOptionsOrExit } from "./options.js";
import { buildReport, writeReport } from "./report.js";
import { run } from "./run.js";
import { summarise } from "./summary.js";

/** What shells report for a process that an interrupt ended. */
const INTERRUPTED = 130;

async function main(): Promise<void> {
  const options = parseOptionsOrExit(process.argv.slice(2));
  let interrupted = false;
  process.on("SIGINT", () => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    console.error("\nStopping after this hour; the report covers what was run. Ctrl-C again ends at once.");
  });
  const record = await run(options, () => interrupted);
  const report = buildReport(record);
  console.log(summarise(report));
  const { json, html } = writeReport(report, options.report);
  console.log(`\nReport: ${html}\nFigures: ${json}`);
  process.exit(interrupted ? INTERRUPTED : 0);
}

main().catch((error: unknown) => {
  const said = error instanceof UsageError || CrosshedgeError.is(error);
  console.error(said ? (error as Error).message : error);
  process.exit(1);
});
