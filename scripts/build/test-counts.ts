import { readdirSync, statSync } from "node:fs";
import path from "node:path";

/** `mutants` has no files of its own: it breaks the contracts and runs the others' tests. */
export type RunnerName = "solidity" | "mocha" | "mutants";

/** What a runner is asked to do. */
export interface RunnerJob {
  readonly runner: RunnerName;
  /** Absolute paths. */
  readonly files: string[];
  readonly grep?: string | undefined;
  /** Stop at the first failure. */
  readonly bail?: boolean;
  /** Take the build as it is. */
  readonly built?: boolean;
}

/** What a runner did. `notRun` are tests behind a failed hook. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly notRun: number;
}

/** Counts, with the titles of the tests: the failed ones' own, the passed ones' with those of their groups. */
export interface RunnerResult extends Counts {
  readonly passes: readonly string[];
  readonly failures: readonly string[];
  /** Milliseconds by Mocha file, hooks included. */
  readonly took?: Readonly<Record<string, number>>;
}

/** The runner of a test file; undefined if it is none. */
export function runnerOf(file: string): RunnerName | undefined {
  if (file.endsWith(".t.sol")) return "solidity";
  if (file.endsWith(".test.ts")) return "mocha";
  return undefined;
}

/** All test files at or under a place, sorted, so that the order is the same everywhere. */
export function testFilesUnder(place: string): string[] {
  if (!statSync(place).isDirectory()) return runnerOf(place) === undefined ? [] : [place];
  return readdirSync(place)
    .sort()
    .flatMap((name) => testFilesUnder(path.join(place, name)));
}

/** Adds up the runners; one that crashed (undefined) or ran nothing counts as one failure. */
export function addUp(results: readonly (Counts | undefined)[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0, notRun: 0 };
  for (const counts of results) {
    const ranNothing = counts === undefined || counts.passed + counts.failed === 0;
    total.passed += counts?.passed ?? 0;
    total.failed += ranNothing ? 1 : counts.failed;
    total.skipped += counts?.skipped ?? 0;
    total.notRun += counts?.notRun ?? 0;
  }
  return total;
}
