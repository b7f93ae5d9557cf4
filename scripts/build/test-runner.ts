/** One runner in a process of its own, started by test.ts: runs its files and reports the counts over IPC. */
import hre from "hardhat";
import type { Result } from "hardhat/types/utils";
import Mocha from "mocha";
import type { Counts, RunnerJob } from "./test-counts.js";

/** What Hardhat's Solidity test task returns: a test's status is Success, Failure or Skipped. */
type SolidityRun = { readonly suiteResults: { readonly testResults: { readonly status: string }[] }[] };
type SolidityResult = Result<SolidityRun, SolidityRun>;

/** Mocha's usual output, keeping Mocha's own statistics: Hardhat's summary counts skipped tests as passed. */
let stats: Mocha.Stats | undefined;
let unfinished = 0;
class Counting extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once("start", () => {
      unfinished = runner.total;
    });
    runner.on("test end", () => {
      unfinished -= 1;
    });
    stats = this.stats;
  }
}

async function runMocha({ files, grep }: RunnerJob): Promise<Counts> {
  Object.assign(hre.config.test.mocha, { reporter: Counting });
  await hre.tasks.getTask(["test", "mocha"]).run({ testFiles: files, noCompile: true, ...(grep && { grep }) });
  const { passes = 0, failures = 0, pending = 0 } = stats ?? {};
  // A failed hook counts once as a failure, and the tests behind it never end.
  return { passed: passes, failed: failures, skipped: pending, notRun: Math.max(0, unfinished) };
}

async function runSolidity({ files, grep }: RunnerJob): Promise<Counts> {
  const task = hre.tasks.getTask(["test", "solidity"]);
  const result: SolidityResult = await task.run({ testFiles: files, noCompile: true, ...(grep && { grep }) });
  // Not `summary`, which Hardhat 3.17 may return before its reporter has filled it.
  const { suiteResults } = result.success ? result.value : result.error;
  const statuses = suiteResults.flatMap((suite) => suite.testResults.map((test) => test.status));
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  const passed = count("Success");
  const skipped = count("Skipped");
  const failed = statuses.length - passed - skipped;
  // An error outside of any test is a failure too.
  return { passed, failed: result.success ? failed : Math.max(1, failed), skipped, notRun: 0 };
}

process.once("message", async (job: RunnerJob) => {
  try {
    // Always the whole tree: the generated types cover whatever the last build built.
    await hre.tasks.getTask("build").run({ quiet: true });
    const counts = job.runner === "solidity" ? await runSolidity(job) : await runMocha(job);
    process.send?.(counts, () => process.exit(0));
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
});
