import { type ChildProcess, fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { type RunnerJob, type RunnerResult, runnerOf, testFilesUnder } from "../build/test-counts.js";
import { createWorkspace, environmentOf } from "../build/workspace.js";

const root = path.resolve(import.meta.dirname, "../..");

/** These run no contract, and look at a build that is not instrumented and at reports that are not written yet. */
const OF_THE_BUILD = "test/build/";

/** Few enough that little is lost when a run is cut short; each part builds its own fixtures. */
const FILES_OF_A_PART = 5;

/** Test files that one process runs; paths from the root. */
export interface Part {
  readonly runner: RunnerJob["runner"];
  readonly files: readonly string[];
}

/** What a part did, and which lines it ran (lcov). */
export interface PartRun {
  readonly passed: number;
  readonly failures: readonly string[];
  readonly trace: string;
}

/** All tests. Those of Solidity come first: they take longest. */
export function partsOfAllTests(): Part[] {
  const files = testFilesUnder(path.join(root, "test"))
    .map((file) => path.relative(root, file).replaceAll(path.sep, "/"))
    .filter((file) => !file.startsWith(OF_THE_BUILD));
  const mocha = files.filter((file) => runnerOf(file) === "mocha");
  const chunks = Array.from({ length: Math.ceil(mocha.length / FILES_OF_A_PART) }, (_, i) =>
    mocha.slice(i * FILES_OF_A_PART, (i + 1) * FILES_OF_A_PART),
  );
  const solidity = files.filter((file) => runnerOf(file) === "solidity");
  return [
    { runner: "solidity", files: solidity },
    ...chunks.map((chunk) => ({ runner: "mocha" as const, files: chunk })),
  ];
}

const running = new Set<ChildProcess>();
// Before the workspaces go: a runner that still writes would leave them behind. With its own children, such as the compiler.
process.once("exit", () => {
  for (const { pid } of running) if (pid !== undefined) process.kill(-pid, "SIGKILL");
});

/** Runs a part in a workspace, instrumented. */
async function runPart(workspace: string, { runner, files }: Part): Promise<PartRun> {
  const log = path.join(workspace, `tmp/${runner}.log`);
  const output = openSync(log, "w");
  const child = fork(path.join(workspace, "scripts/build/test-runner.ts"), {
    cwd: workspace,
    env: { ...environmentOf(workspace), HARDHAT_COVERAGE: "true" },
    execArgv: ["--import", "tsx"],
    detached: true,
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  running.add(child);
  const end = () => readFileSync(log, "utf8").slice(-4000);
  const result = await new Promise<RunnerResult>((resolve, reject) => {
    child.once("message", (message) => resolve(message as RunnerResult));
    child.once("exit", () => {
      running.delete(child);
      reject(new Error(`the ${runner} runner crashed:\n${end()}`));
    });
    child.send({ runner, files: files.map((file) => path.join(workspace, file)) });
  });
  if (result.passed === 0) throw new Error(`the ${runner} runner ran nothing:\n${end()}`);
  const outside = result.failed > result.failures.length ? [`outside of a test (${runner})`] : [];
  return {
    passed: result.passed,
    failures: [...result.failures, ...outside],
    trace: readFileSync(path.join(workspace, "coverage/lcov.info"), "utf8"),
  };
}

/**
 * Runs parts on instrumented contracts, in copies of the project: what the user has built stays as it is.
 * @param onRun Called with each part as it ends, in any order
 */
export async function runParts(
  parts: readonly Part[],
  onRun: (part: Part, run: PartRun, seconds: number) => void,
): Promise<void> {
  const left = [...parts];
  const workspaces = Array.from({ length: Math.min(availableParallelism(), left.length) }, () =>
    createWorkspace({ built: false }),
  );
  await Promise.all(
    workspaces.map(async (workspace) => {
      for (let part = left.shift(); part !== undefined; part = left.shift()) {
        const start = Date.now();
        const run = await runPart(workspace, part);
        onRun(part, run, Math.round((Date.now() - start) / 1000));
      }
    }),
  );
}
