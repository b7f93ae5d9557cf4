/** One runner in a process of its own, started by test.ts: runs its files and reports the counts over IPC. */
import hre from "hardhat";
import type { Result } from "hardhat/types/utils";
import Mocha from "mocha";
import { mutants } from "../../test/mutants/index.js";
import { draw } from "../mutate/draw.js";
import { runMutants } from "../mutate/run.js";
import { contractsHash } from "./contracts-hash.js";
import type { RunnerJob, RunnerResult } from "./test-counts.js";
import { exitOnSignals } from "./workspace.js";

/** What Hardhat's Solidity test task returns: a test's status is Success, Failure or Skipped. */
type SolidityRun = {
  readonly suiteResults: { readonly testResults: { readonly status: string; readonly name: string }[] }[];
};
type SolidityResult = Result<SolidityRun, SolidityRun>;

/** How many mutants are run along with all tests. */
const DRAWN = 6;

/** Mocha's usual output, keeping Mocha's own statistics: Hardhat's summary counts skipped tests as passed. */
let stats: Mocha.Stats | undefined;
let unfinished = 0;
const passes: string[] = [];
const failures: string[] = [];
const took: Record<string, number> = {};
class Counting extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    let began = 0;
    runner.once("start", () => {
      unfinished = runner.total;
    });
    runner.on("test end", () => {
      unfinished -= 1;
    });
    runner.on("suite", ({ file, parent }) => {
      if (file !== undefined && parent?.root) began = performance.now();
    });
    runner.on("suite end", ({ file, parent }) => {
      if (file !== undefined && parent?.root) took[file] = (took[file] ?? 0) + performance.now() - began;
    });
    runner.on("pass", (test) => passes.push(test.fullTitle()));
    runner.on("fail", (test) => failures.push(test.title));
    stats = this.stats;
  }
}

async function runMocha({ files, grep, bail = false }: RunnerJob): Promise<RunnerResult> {
  Object.assign(hre.config.test.mocha, { reporter: Counting, bail });
  await hre.tasks.getTask(["test", "mocha"]).run({ testFiles: files, noCompile: true, ...(grep && { grep }) });
  const { passes: passed = 0, failures: failed = 0, pending = 0 } = stats ?? {};
  // A failed hook counts once as a failure, and the tests behind it never end.
  return { passed, failed, skipped: pending, notRun: Math.max(0, unfinished), passes, failures, took };
}

async function runSolidity({ files, grep }: RunnerJob): Promise<RunnerResult> {
  const task = hre.tasks.getTask(["test", "solidity"]);
  const result: SolidityResult = await task.run({ testFiles: files, noCompile: true, ...(grep && { grep }) });
  // Not `summary`, which Hardhat 3.17 may return before its reporter has filled it.
  const { suiteResults } = result.success ? result.value : result.error;
  const tests = suiteResults.flatMap((suite) => suite.testResults);
  const titles = (wanted: string) => tests.filter(({ status }) => status === wanted).map(({ name }) => name);
  const [passed, failures, skipped] = [titles("Success"), titles("Failure"), titles("Skipped")];
  const failed = tests.length - passed.length - skipped.length;
  return {
    passed: passed.length,
    // An error outside of any test is a failure too.
    failed: result.success ? failed : Math.max(1, failed),
    skipped: skipped.length,
    notRun: 0,
    passes: passed,
    failures,
  };
}

/** Killed mutants are passed tests. The runners before this one have run the killers without any mutant. */
async function runDrawn(): Promise<RunnerResult> {
  exitOnSignals();
  const seed = process.env.MUTANT_SEED ?? contractsHash();
  console.log(`\n${DRAWN} of ${mutants.length} mutants, drawn by MUTANT_SEED=${seed}`);
  const judged = await runMutants(draw(mutants, DRAWN, seed), { baseline: false });
  const ids = (killed: boolean) =>
    judged.filter(({ kind }) => (kind === "killed") === killed).map(({ mutant }) => mutant.id);
  const [passes, failures] = [ids(true), ids(false)];
  return { passed: passes.length, failed: failures.length, skipped: 0, notRun: 0, passes, failures };
}

const RUN = { solidity: runSolidity, mocha: runMocha, mutants: runDrawn };

// Without the one who asked there is nobody to report to.
process.once("disconnect", () => process.exit(1));
process.once("message", async (job: RunnerJob) => {
  try {
    // Always the whole tree: the generated types cover whatever the last build built.
    if (!job.built) await hre.tasks.getTask("build").run({ quiet: true });
    const result = await RUN[job.runner](job);
    process.send?.(result, () => process.exit(0));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
