import path from "node:path";
import type { Tests, Verdict } from "./killer.js";
import { faultsOf, killersOf, type Mutant } from "./mutant.js";
import { Pool } from "./pool.js";
import type { Outcome } from "./worker.js";

const root = path.resolve(import.meta.dirname, "../..");

export type Judged = { readonly mutant: Mutant } & Outcome;

/** The list is wrong, or its tests fail without any mutant. */
export class ListError extends Error {}

export interface RunOptions {
  /** First run the killers without any mutant; they must be green. */
  readonly baseline: boolean;
  readonly onJudged?: (judged: Judged) => void;
}

/** By file, all titles that are asked for; every test of a file that is asked for as a whole. */
function testsOf(mutants: readonly Mutant[]): { tests: Tests; titles: string[] }[] {
  const killers = mutants.flatMap(killersOf);
  return [...new Set(killers.map(({ file }) => file))].map((file) => {
    const own = killers.filter((killer) => killer.file === file);
    const titles = [...new Set(own.flatMap(({ title }) => title ?? []))];
    const whole = own.some(({ title }) => title === undefined);
    return { tests: { file, titles: whole ? [] : titles }, titles };
  });
}

async function checkKillers(pool: Pool, mutants: readonly Mutant[]): Promise<void> {
  const faults: string[] = [];
  const wanted = testsOf(mutants);
  let done = 0;
  await pool.run<Verdict>(wanted, (index, verdict) => {
    const { tests, titles } = wanted[index]!;
    done += 1;
    console.log(`[${done}/${wanted.length}] unmutated: ${tests.file}`);
    if ("error" in verdict) faults.push(verdict.error);
    else if (!verdict.green) faults.push(`fails without any mutant: ${verdict.by}`);
    else {
      const unknown = titles.filter((title) => !verdict.passes.some((passed) => passed.includes(title)));
      faults.push(...unknown.map((title) => `${tests.file} has no test "${title}"`));
    }
  });
  if (faults.length > 0) throw new ListError(faults.join("\n"));
}

const LABEL = { killed: "killed  ", survived: "SURVIVED", error: "ERROR   " } as const;

function line({ mutant, ...outcome }: Judged, done: number, all: number): string {
  const end = outcome.kind === "killed" ? outcome.by : outcome.kind === "survived" ? mutant.why : outcome.message;
  const head = `[${String(done).padStart(String(all).length)}/${all}] ${LABEL[outcome.kind]}`;
  return `${head} ${mutant.id.padEnd(36)} ${outcome.seconds.toFixed(1).padStart(5)} s  ${end}`;
}

/** Breaks the contracts in every way of a list, in copies of the built project, and runs what should notice. */
export async function runMutants(mutants: readonly Mutant[], { baseline, onJudged }: RunOptions): Promise<Judged[]> {
  const faults = faultsOf(mutants, root);
  if (faults.length > 0) throw new ListError(faults.join("\n"));
  const pool = new Pool(mutants.length);
  const judged: Judged[] = [];
  try {
    if (baseline) await checkKillers(pool, mutants);
    const jobs = mutants.map((mutant) => ({ mutant }));
    await pool.run<Outcome>(jobs, (index, outcome) => {
      const one = { mutant: mutants[index]!, ...outcome };
      judged.push(one);
      console.log(line(one, judged.length, mutants.length));
      onJudged?.(one);
    });
  } finally {
    pool.close();
  }
  return judged;
}
