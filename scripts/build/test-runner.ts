/** One runner in a process of its own, started by test.ts: runs its files and reports the counts over IPC. */
import hre from "hardhat";
import type { Result } from "hardhat/types/utils";
import Mocha from "mocha";
import type { RunnerJob, RunnerResult } from "./test-counts.js";

/** What Hardhat's Solidity test task returns: a test's status is Success, Failure or Skipped. */
type SolidityRun = {
  readonly suiteResults: { readonly testResults: { readonly status: string; readonly name: string }[] }[];
};
type SolidityResult = Result<SolidityRun, SolidityRun>;

/** Mocha's usual output, keeping Mocha's own statistics: Hardhat's summary counts skipped tests as passed. */
let stats: Mocha.Stats | undefined;
let unfinished = 0;
const failures: string[] = [];
class Counting extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("start", () => {
      unfinished = runner.total;
    });
    runner.on("test end", () => {
      unfinished -= 1;
    });
    runner.on("fail", (test) => failures.push(test.title));
    stats = this.stats;
  }
}

async function runMocha({ files, grep, bail = false }: RunnerJob): Promise<RunnerResult> {
  Object.assign(hre.config.test.mocha, { reporter: Counting, bail });
  await hre.tasks.getTask(["test", "mocha"]).run({ testFiles: files, noCompile: true, ...(grep && { grep }) });
  const { passes = 0, failures: failed = 0, pending = 0 } = stats ?? {};
  // A failed hook counts once as a failure, and the tests behind it never end.
  return { passed: passes, failed, skipped: pending, notRun: Math.max(0, unfinished), failures };
}

async function runSolidity({ files, grep }: RunnerJob): Promise<RunnerResult> {
  const task = hre.tasks.getTask(["test", "solidity"]);
  const result: SolidityResult = await task.run({ testFiles: files, noCompile: true, ...(grep && { grep }) });
  // Not `summary`, which Hardhat 3.17 may return before its reporter has filled it.
  const { suiteResults } = result.success ? result.value : result.error;
  const tests = suiteResults.flatMap((suite) => suite.testResults);
  const count = (wanted: string) => tests.filter(({ status }) => status === wanted).length;
  const passed = count("Success");
  const skipped = count("Skipped");
  const failed = tests.length - passed - skipped;
  const names = tests.filter(({ status }) => status === "Failure").map(({ name }) => name);
  // An error outside of any test is a failure too.
  return { passed, failed: result.success ? failed : Math.max(1, failed), skipped, notRun: 0, failures: names };
}

// Without the one who asked there is nobody to report to.
process.once("disconnect", () => process.exit(1));
process.once("message", async (job: RunnerJob) => {
  try {
    // Always the whole tree: the generated types cover whatever the last build built.
    if (!job.built) await hre.tasks.getTask("build").run({ quiet: true });
    const counts = job.runner === "solidity" ? await runSolidity(job) : await runMocha(job);
    process.send?.(counts, () => process.exit(0));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
