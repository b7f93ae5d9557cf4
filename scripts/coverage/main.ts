/**
 * `npm run coverage [-- --fresh]`: which lines of the contracts the tests run, all of them together, Solidity's and TypeScript's. Rewrites
 * `test/reports/coverage.json`. Fails under the least percentage, and at a line that no test runs and that `test/coverage.ts` says nothing of.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { LEAST_PERCENT, MEASURING_GAS, REASONS } from "../../test/coverage.js";
import { writeReport } from "../build/report.js";
import { exitOnSignals } from "../build/workspace.js";
import { faultsOf } from "./judge.js";
import { Kept } from "./kept.js";
import { addTrace, coverageOf, type Lines, percentDown } from "./lines.js";
import { type Part, type PartRun, partsOfAllTests, runParts } from "./run.js";

const root = path.resolve(import.meta.dirname, "../..");
const start = Date.now();
const seconds = () => Math.round((Date.now() - start) / 1000);

const { fresh } = new Command("coverage")
  .description("Which lines of the contracts the tests run, and why each of the others is run by none.")
  .option("--fresh", "measure again what was measured of the same contracts and tests before", false)
  .addHelpText("after", "\nWhat a run has measured is kept, also where it is cut short. Your build stays as it is.")
  .parse()
  .opts<{ fresh: boolean }>();

const parts = partsOfAllTests();
const done = new Map<Part, PartRun>();
exitOnSignals(() => console.log(`\ncut short: ${done.size} of ${parts.length} parts are measured and kept`));

async function measure(): Promise<void> {
  const kept = new Kept({ fresh });
  for (const part of parts) {
    const run = kept.of(part);
    if (run !== undefined) done.set(part, run);
  }
  if (done.size > 0) console.log(`${done.size} of ${parts.length} parts were measured before`);
  const left = parts.filter((part) => !done.has(part));
  if (left.length > 0)
    console.log(`${left.length} parts; the first ones wait until the instrumented contracts are built`);
  await runParts(left, (part, run, took) => {
    done.set(part, run);
    const unexpected = unexpectedIn(run);
    if (unexpected.length === 0) kept.add(part, run);
    const names = part.runner === "solidity" ? "the Solidity tests" : part.files.join(" ").replaceAll("test/", "");
    const failed = unexpected.length > 0 ? `, ${unexpected.length} FAILED` : "";
    const count = `[${String(done.size).padStart(String(parts.length).length)}/${parts.length}]`;
    console.log(`${count} ${run.passed} tests${failed}, ${took} s: ${names}`);
  });
}

const unexpectedIn = ({ failures }: PartRun) => failures.filter((title) => !MEASURING_GAS.includes(title));

try {
  await measure();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

const lines: Lines = new Map();
for (const { trace } of done.values()) addTrace(lines, trace);
const files = [...lines]
  .filter(([file]) => file.startsWith("contracts/"))
  .map(([file, own]) => coverageOf(file, own, readFileSync(path.join(root, file), "utf8")))
  .sort((a, b) => (a.file < b.file ? -1 : 1));
const sum = (count: (file: (typeof files)[number]) => number) => files.reduce((total, file) => total + count(file), 0);
const [all, hit] = [sum((file) => file.lines), sum((file) => file.hit)];
const percent = percentDown(hit, all);

console.log();
for (const file of files) {
  const missed = file.gaps.map(({ line }) => line).join(", ");
  console.log(
    `${file.file.padEnd(48)} ${`${file.hit}/${file.lines}`.padStart(9)} ${file.percent.toFixed(2).padStart(7)} %  ${missed}`,
  );
}
console.log(`${"contracts".padEnd(48)} ${`${hit}/${all}`.padStart(9)} ${percent.toFixed(2).padStart(7)} %`);

const unexpected = [...done.values()].flatMap(unexpectedIn);
const faults = [
  ...unexpected.map((title) => `a test fails: ${title}`),
  ...(percent < LEAST_PERCENT ? [`${percent} % of the lines are covered, not ${LEAST_PERCENT} %`] : []),
  ...faultsOf(files, REASONS),
];
if (unexpected.length === 0) {
  const rows = files.map(({ gaps, ...file }) => ({
    ...file,
    uncovered: gaps.map((gap) => ({ ...gap, why: REASONS[file.file]?.[gap.place] ?? null })),
  }));
  console.log(`\n${writeReport("coverage", { percent, lines: all, hit, files: rows })}`);
}
for (const fault of faults) console.error(fault);
const passed = [...done.values()].reduce((total, run) => total + run.passed, 0);
console.log(`${passed} tests, ${seconds()} s`);
process.exit(faults.length === 0 ? 0 : 1);
