import path from "node:path";
import type { Verdict } from "./killer.js";
import { faultsOf, type Killer, killersOf, type Mutant } from "./mutant.js";
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

/** Each killer once, with all the titles that are asked for in its file. */
function distinct(mutants: readonly Mutant[]): Killer[] {
  const killers = new Map<string, Killer>();
  for (const killer of mutants.flatMap(killersOf)) killers.set(`${killer.file}: ${killer.title}`, killer);
  return [...killers.values()];
}

async function checkKillers(pool: Pool, killers: readonly Killer[]): Promise<void> {
  const faults: string[] = [];
  let done = 0;
  const jobs = killers.map((killer) => ({ killer }));
  await pool.run<Verdict>(jobs, (_, verdict) => {
    done += 1;
    if ("error" in verdict) faults.push(verdict.error);
    else if (!verdict.green) faults.push(`fails without any mutant: ${verdict.by}`);
    if (done % 10 === 0 || done === killers.length)
      console.log(`${done} of ${killers.length} killers are run unmutated`);
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
    if (baseline) await checkKillers(pool, distinct(mutants));
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
