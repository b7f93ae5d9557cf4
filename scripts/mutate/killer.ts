import { fork } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import path from "node:path";
import { type RunnerJob, type RunnerResult, runnerOf } from "../build/test-counts.js";
import { environmentOf } from "../build/workspace.js";

/** A run that takes longer hangs in what the mutant broke. */
const TIMEOUT_MS = 240_000;

/** What a run of killers showed: which test failed, if any. */
export type Verdict =
  | { readonly green: true; readonly passes: readonly string[] }
  | { readonly green: false; readonly by: string }
  | { readonly error: string };

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Tests of one file: all, or those whose title has one of these parts. */
export interface Tests {
  readonly file: string;
  readonly titles: readonly string[];
}

/** Runs tests in a built workspace as it stands, up to the first failure. */
export async function runTests(workspace: string, { file, titles }: Tests): Promise<Verdict> {
  const log = path.join(workspace, "tmp/killer.log");
  const output = openSync(log, "w");
  const runner = runnerOf(file);
  if (runner === undefined) throw new Error(`${file} is no test file`);
  const job: RunnerJob = {
    runner,
    files: [path.join(workspace, file)],
    ...(titles.length > 0 && { grep: titles.map(literal).join("|") }),
    bail: true,
    built: true,
  };
  const child = fork(path.join(workspace, "scripts/build/test-runner.ts"), {
    cwd: workspace,
    env: environmentOf(workspace),
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", output, output, "ipc"],
  });
  closeSync(output);
  return new Promise((resolve) => {
    let result: RunnerResult | undefined;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, TIMEOUT_MS);
    child.once("message", (message) => {
      result = message as RunnerResult;
    });
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      const name = file.replace(/^test\//, "");
      if (late) resolve({ green: false, by: `${name}: no end within ${TIMEOUT_MS / 1000} s` });
      else if (result === undefined) {
        const last = readFileSync(log, "utf8").slice(-2000);
        resolve({ error: `${name} crashed (${signal ?? `exit code ${code}`}):\n${last}` });
      } else if (result.failed > 0)
        resolve({ green: false, by: `${name}: ${result.failures[0] ?? "outside of a test"}` });
      else if (result.passed === 0) resolve({ error: `${name} has no test ${titles.join(", ")}` });
      else resolve({ green: true, passes: result.passes });
    });
    child.send(job);
  });
}
