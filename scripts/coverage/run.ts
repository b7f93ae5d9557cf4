import { fork } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { type RunnerJob, type RunnerResult, runnerOf, testFilesUnder } from "../build/test-counts.js";
import { createWorkspace, environmentOf } from "../build/workspace.js";
import { addTrace, type Lines } from "./lines.js";

const root = path.resolve(import.meta.dirname, "../..");

/** These run no contract, and look at a build that is not instrumented and at reports that are not written yet. */
const OF_THE_BUILD = path.join("test", "build");

/** What the tests ran, and which of them failed. */
export interface CoverageRun {
  readonly lines: Lines;
  readonly passed: number;
  readonly failures: string[];
}

/** As many groups of about the same size in bytes, which stands for time. */
function inGroups(files: readonly string[], count: number): string[][] {
  const groups = Array.from({ length: count }, () => ({ size: 0, files: [] as string[] }));
  const sized = files.map((file) => ({ file, size: statSync(path.join(root, file)).size }));
  for (const { file, size } of sized.sort((a, b) => b.size - a.size)) {
    const smallest = groups.reduce((least, group) => (group.size < least.size ? group : least));
    smallest.files.push(file);
    smallest.size += size;
  }
  return groups.map((group) => group.files.sort()).filter((group) => group.length > 0);
}

/** Runs test files in a workspace, instrumented. */
async function runGroup(workspace: string, job: RunnerJob): Promise<{ result: RunnerResult; trace: string }> {
  const log = path.join(workspace, `tmp/${job.runner}.log`);
  const output = openSync(log, "w");
  const child = fork(path.join(workspace, "scripts/build/test-runner.ts"), {
    cwd: workspace,
    env: { ...environmentOf(workspace), HARDHAT_COVERAGE: "true" },
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  const result = await new Promise<RunnerResult>((resolve, reject) => {
    child.once("message", (message) => resolve(message as RunnerResult));
    child.once("exit", () =>
      reject(new Error(`the ${job.runner} runner crashed:\n${readFileSync(log, "utf8").slice(-4000)}`)),
    );
    child.send(job);
  });
  if (result.passed === 0)
    throw new Error(`the ${job.runner} runner ran nothing:\n${readFileSync(log, "utf8").slice(-4000)}`);
  return { result, trace: readFileSync(path.join(workspace, "coverage/lcov.info"), "utf8") };
}

/** Runs every test on instrumented contracts, in copies of the project: what the user has built stays as it is. */
export async function measureCoverage(say: (text: string) => void): Promise<CoverageRun> {
  const files = testFilesUnder(path.join(root, "test"))
    .map((file) => path.relative(root, file))
    .filter((file) => !file.startsWith(OF_THE_BUILD));
  const of = (runner: RunnerJob["runner"]) => files.filter((file) => runnerOf(file) === runner);
  const groups = inGroups(of("mocha"), availableParallelism());
  const run: CoverageRun = { lines: new Map(), passed: 0, failures: [] };
  let passed = 0;
  const runIn = async (workspace: string, runner: RunnerJob["runner"], own: readonly string[]) => {
    const { result, trace } = await runGroup(workspace, {
      runner,
      files: own.map((file) => path.join(workspace, file)),
    });
    addTrace(run.lines, trace);
    passed += result.passed;
    run.failures.push(...result.failures);
    if (result.failed > result.failures.length) run.failures.push(`outside of a test (${runner})`);
    say(`${own.length} ${runner} files: ${result.passed} tests passed, ${result.failed} failed`);
  };
  const workspaces = groups.map(() => createWorkspace({ built: false }));
  await Promise.all(
    groups.map(async (group, i) => {
      const workspace = workspaces[i]!;
      await runIn(workspace, "mocha", group);
      if (i === groups.length - 1) await runIn(workspace, "solidity", of("solidity"));
    }),
  );
  return { ...run, passed };
}
