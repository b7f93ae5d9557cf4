import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import hre from "hardhat";
import type { Result } from "hardhat/types/utils";

const root = path.resolve(import.meta.dirname, "../../..");
const FOLDER = "test/contracts/invariants";

/** The suites with an invariant, by name: `holders` is Holders.t.sol. */
export const SUITES = globSync("*.t.sol", { cwd: path.join(root, FOLDER) })
  .filter((file) => readFileSync(path.join(root, FOLDER, file), "utf8").includes("function invariant_"))
  .map((file) => path.basename(file, ".t.sol").toLowerCase())
  .sort();

/** What one suite did: calls of its hands, and what came of them. */
export interface Tally {
  calls: number;
  done: Record<string, number>;
}

interface TestResult {
  readonly name: string;
  readonly status: string;
}
type Run = { readonly suiteResults: { readonly testResults: TestResult[] }[] };

/** One campaign of every suite, at the same time; the suites leave their tallies in the cache. */
export async function runCampaigns(seed: string, runs: number, depth: number): Promise<Record<string, Tally>> {
  const { default: profile } = hre.config.test.solidity.profiles;
  Object.assign(profile?.fuzz ?? {}, { seed });
  Object.assign(profile?.invariant ?? {}, { runs, depth });
  const task = hre.tasks.getTask(["test", "solidity"]);
  const testFiles = SUITES.map((name) => `${FOLDER}/${name[0]?.toUpperCase()}${name.slice(1)}.t.sol`);
  const spoken: string[] = [];
  const result = await silently(spoken, () => task.run({ testFiles, noCompile: true }) as Promise<Result<Run, Run>>);
  const results = (result.success ? result.value : result.error).suiteResults.flatMap(({ testResults }) => testResults);
  if (!result.success || results.length !== SUITES.length) throw new CampaignError(spoken.join(""));
  return Object.fromEntries(SUITES.map((name) => [name, tallyOf(name)]));
}

/** A campaign found something; the message is what Hardhat said of it. */
export class CampaignError extends Error {}

function tallyOf(name: string): Tally {
  return JSON.parse(readFileSync(path.join(root, "cache/invariants", `${name}.json`), "utf8")) as Tally;
}

/** Hardhat's own report of each campaign would drown the progress: it is kept, and shown where one fails. */
async function silently<T>(spoken: string[], act: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  const { log } = console;
  process.stdout.write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    spoken.push(chunk.toString());
    // Who writes may wait until it is written.
    const done = rest.at(-1);
    if (typeof done === "function") process.nextTick(done);
    return true;
  };
  console.log = (...words: unknown[]) => {
    spoken.push(`${words.join(" ")}\n`);
  };
  try {
    return await act();
  } finally {
    process.stdout.write = write;
    console.log = log;
  }
}
