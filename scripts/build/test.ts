/**
 * `npm test [-- paths...] [--grep pattern]`: every Solidity and Mocha test and ten mutants, or the tests named. Each runner has a process
 * of its own; the counts come over IPC, so nothing is parsed. The last line is `N passed, N failed` over all runners.
 */
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { addUp, type Counts, type RunnerName, runnerOf, testFilesUnder } from "./test-counts.js";

const root = path.resolve(import.meta.dirname, "../..");
const RUNNERS: readonly RunnerName[] = ["solidity", "mocha", "mutants"];

function run(runner: RunnerName, files: string[], grep: string | undefined): Promise<Counts | undefined> {
  return new Promise((resolve, reject) => {
    let counts: Counts | undefined;
    const child = fork(path.join(import.meta.dirname, "test-runner.ts"), {
      cwd: root,
      execArgv: ["--import", "tsx"],
    });
    child.once("message", (message) => {
      counts = message as Counts;
    });
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      const complete = code === 0 && counts !== undefined;
      if (!complete) console.error(`\nThe ${runner} runner crashed: ${signal ?? `exit code ${code}`}`);
      resolve(complete ? counts : undefined);
    });
    child.send({ runner, files, grep });
  });
}

async function main(): Promise<Counts> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: "string", short: "g" } },
  });
  const base = process.env.INIT_CWD ?? process.cwd();
  const places = positionals.length > 0 ? positionals.map((place) => path.resolve(base, place)) : [`${root}/test`];
  const missing = places.filter((place) => !existsSync(place));
  if (missing.length > 0) throw new Error(`there is no ${missing.join(", ")}`);
  const files = [...new Set(places.flatMap(testFilesUnder))];
  const named = positionals.length > 0;
  if (named && files.length === 0) throw new Error(`no test file (*.t.sol, *.test.ts) in ${positionals.join(" ")}`);

  const results: (Counts | undefined)[] = [];
  for (const runner of RUNNERS) {
    const own = files.filter((file) => runnerOf(file) === runner);
    const withoutFiles = runner === "mutants";
    if (withoutFiles ? named || values.grep !== undefined : named && own.length === 0) continue;
    const counts = own.length === 0 && !withoutFiles ? addUp([]) : await run(runner, own, values.grep);
    const filtered = values.grep !== undefined && counts?.passed === 0 && counts.failed === 0;
    if (filtered) continue;
    if (counts?.passed === 0 && counts.failed === 0) console.error(`\nThe ${runner} runner ran no test`);
    results.push(counts);
  }
  return addUp(results.length > 0 ? results : [undefined]);
}

let total: Counts;
try {
  total = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  total = addUp([undefined]);
}
if (total.skipped > 0) console.log(`${total.skipped} skipped`);
if (total.notRun > 0) console.log(`${total.notRun} not run, because a hook before them failed`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;
