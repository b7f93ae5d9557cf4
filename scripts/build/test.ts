/**
 * `npm test [-- paths...] [--grep pattern]`: every Solidity and Mocha test and some mutants, or the tests named. Each runner has a process
 * of its own, or several where there are many Mocha tests and two cores: they end at about the same time, and the output of each waits for the
 * one before it to end. `--weigh` writes down what each of all Mocha files took, for the dealing. The counts come over IPC, so nothing is
 * parsed. The last line is `N passed, N failed` over all runners.
 */
import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { dealOut } from "./deal-out.js";
import {
  addUp,
  type Counts,
  type RunnerJob,
  type RunnerName,
  type RunnerResult,
  runnerOf,
  testFilesUnder,
} from "./test-counts.js";
import { keepWeights, keptWeights, weigher } from "./weights.js";

const root = path.resolve(import.meta.dirname, "../..");
const RUNNERS: readonly RunnerName[] = ["solidity", "mocha", "mutants"];

/** So many files are worth several processes. */
const MANY = 50;
/** One more than two cores: a test that waits for a child or a database leaves its core to another. */
const PROCESSES = 3;

/** @param after Once it has ended, what this one has printed is shown; at once if left out */
function run(job: RunnerJob, after?: Promise<unknown>): Promise<RunnerResult | undefined> {
  return new Promise((resolve, reject) => {
    let counts: RunnerResult | undefined;
    const child = fork(path.join(import.meta.dirname, "test-runner.ts"), {
      cwd: root,
      execArgv: ["--import", "tsx"],
      stdio: ["inherit", ...(after ? (["pipe", "pipe"] as const) : (["inherit", "inherit"] as const)), "ipc"],
    });
    if (after) holdBack(child, after);
    child.once("message", (message) => {
      counts = message as RunnerResult;
    });
    child.once("error", reject);
    child.once("close", (code, signal) => {
      const complete = code === 0 && counts !== undefined;
      if (!complete) console.error(`\nThe ${job.runner} runner crashed: ${signal ?? `exit code ${code}`}`);
      resolve(complete ? counts : undefined);
    });
    child.send(job);
  });
}

/** Keeps what a process prints, in its order, until it may be shown. */
function holdBack({ stdout, stderr }: ChildProcess, until: Promise<unknown>): void {
  let held: Buffer[] | undefined = [];
  const show = (chunk: Buffer): void => {
    if (held === undefined) process.stdout.write(chunk);
    else held.push(chunk);
  };
  stdout!.on("data", show);
  stderr!.on("data", show);
  const release = (): void => {
    const kept = held ?? [];
    held = undefined;
    kept.forEach(show);
  };
  until.then(release, release);
}

/** Many of Mocha's tests in several processes, if the build is there already: two must not build at once. */
async function runAll(job: RunnerJob): Promise<(RunnerResult | undefined)[]> {
  const { runner, files, built } = job;
  const shared = runner === "mocha" && built && files.length >= MANY && availableParallelism() > 1;
  const hands = dealOut(files, shared ? PROCESSES : 1, weigher(files, keptWeights()));
  const running: Promise<RunnerResult | undefined>[] = [];
  for (const hand of hands)
    running.push(run({ ...job, files: hand }, running.length > 0 ? Promise.all(running) : undefined));
  return Promise.all(running);
}

async function main(): Promise<Counts> {
  const command = new Command("test")
    .usage("[options] [paths...]   (npm test -- …)")
    .description("Every Solidity and TypeScript test and some mutants, or the tests named.")
    .argument("[paths...]", "files (*.t.sol, *.test.ts) or folders")
    .option("-g, --grep <pattern>", "only tests whose title matches")
    .option("--weigh", "write down what each TypeScript file took, in test/weights.json")
    .parse();
  const values = command.opts<{ grep?: string; weigh?: boolean }>();
  const positionals = command.args;
  if (values.weigh && (positionals.length > 0 || values.grep !== undefined)) {
    throw new Error("--weigh weighs all tests: name none of them");
  }
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
    const { grep } = values;
    // Solidity's runner has built everything.
    const built = results.length > 0;
    const parts = own.length === 0 && !withoutFiles ? [] : await runAll({ runner, files: own, grep, built });
    if (values.weigh && runner === "mocha") keepWeights(Object.assign({}, ...parts.map((part) => part?.took)));
    const silent = (part: Counts | undefined) => part?.passed === 0 && part.failed === 0;
    if (parts.every(silent)) {
      if (grep !== undefined) continue;
      console.error(`\nThe ${runner} runner ran no test`);
      results.push(addUp([]));
    } else {
      results.push(...parts.filter((part) => grep === undefined || !silent(part)));
    }
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
