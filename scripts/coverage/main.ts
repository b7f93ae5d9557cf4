/**
 * `npm run coverage`: which lines of the contracts the tests run, all of them together, Solidity's and TypeScript's. Rewrites
 * `test/reports/coverage.json`. Fails under the least percentage, and at a line that no test runs and that `test/coverage.ts` says nothing of.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import { LEAST_PERCENT, MEASURING_GAS, REASONS } from "../../test/coverage.js";
import { writeReport } from "../build/report.js";
import { exitOnSignals } from "../build/workspace.js";
import { faultsOf } from "./judge.js";
import { coverageOf, percentDown } from "./lines.js";
import { measureCoverage } from "./run.js";

new Command("coverage").description("Lines of the contracts that the tests run, all of them together.").parse();

const root = path.resolve(import.meta.dirname, "../..");
const start = Date.now();
exitOnSignals();

const { lines, passed, failures } = await measureCoverage((text) => console.log(text));
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

const unexpected = failures.filter((title) => !MEASURING_GAS.includes(title));
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
console.log(`${passed} tests, ${Math.round((Date.now() - start) / 1000)} s`);
process.exit(faults.length === 0 ? 0 : 1);
