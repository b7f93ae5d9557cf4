/**
 * `npm run mutate`: breaks the contracts in every way of the list in `test/mutants`, one at a time, and runs the tests that must notice. All of
 * the list together rewrites `test/reports/mutation.json`. What was killed is kept while the contracts stay the same, also where a run is
 * cut short.
 */
import { Command, InvalidArgumentError } from "commander";
import { mutants as list } from "../../test/mutants/index.js";
import { contractsHash } from "../build/contracts-hash.js";
import { writeReport } from "../build/report.js";
import { exitOnSignals } from "../build/workspace.js";
import { draw } from "./draw.js";
import { Kept } from "./kept.js";
import type { Mutant } from "./mutant.js";
import { type Judged, ListError, runMutants } from "./run.js";

const start = Date.now();
const judged: Judged[] = [];

const matches = ({ id }: Mutant, asked: string): boolean => id === asked || id.startsWith(`${asked}/`);

/** Ids, or areas: the part before the stroke. */
function only(text: string): string[] {
  const asked = text.split(",");
  const unknown = asked.filter((one) => !list.some((mutant) => matches(mutant, one)));
  if (unknown.length > 0) throw new InvalidArgumentError(`There is no mutant and no area ${unknown.join(", ")}.`);
  return asked;
}

function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("It must be a whole number above 0.");
  return value;
}

function choose(): { chosen: readonly Mutant[]; full: boolean; fresh: boolean } {
  const { fresh, ...asked } = new Command("mutate")
    .description("Breaks the contracts one way at a time; the tests must notice each.")
    .option("--only <ids>", "mutants or areas, with commas between them: escrow,queue/claims-twice", only)
    .option("--count <number>", "how many, drawn by the seed; all without it", number)
    .option("--seed <text>", "what decides which are drawn; the contracts themselves without it")
    .option("--fresh", "judge those again that were killed with the same contracts before", false)
    .parse()
    .opts<{ only?: string[]; count?: number; seed?: string; fresh: boolean }>();
  const area = asked.only;
  if (area !== undefined) {
    return { chosen: list.filter((mutant) => area.some((one) => matches(mutant, one))), full: false, fresh };
  }
  const { count = list.length, seed = contractsHash() } = asked;
  if (count < list.length) console.log(`${count} of ${list.length} mutants, drawn by --seed ${seed}`);
  return { chosen: draw(list, count, seed), full: count >= list.length, fresh };
}

function sayWhatIsKept(): void {
  if (judged.length > 0)
    console.log(`\ncut short: ${judged.length} mutants are judged; those that were killed are kept`);
}

exitOnSignals(sayWhatIsKept);

try {
  const { chosen, full, fresh } = choose();
  const kept = new Kept({ fresh });
  judged.push(...chosen.flatMap((mutant) => kept.of(mutant) ?? []));
  if (judged.length > 0) console.log(`${judged.length} were killed before`);
  const onJudged = (one: Judged) => {
    judged.push(one);
    kept.add(one);
  };
  const left = chosen.filter((mutant) => kept.of(mutant) === undefined);
  if (left.length > 0) await runMutants(left, { baseline: true, onJudged });
  const count = (kind: Judged["kind"]) => judged.filter((one) => one.kind === kind).length;
  const seconds = Math.round((Date.now() - start) / 1000);
  const sound = count("killed") === judged.length;
  if (full && count("error") === 0) {
    const byId = judged.toSorted((a, b) => (a.mutant.id < b.mutant.id ? -1 : 1));
    const mutants = byId.map(({ mutant: { id, file, why }, ...outcome }) => {
      return { id, file, why, killedBy: outcome.kind === "killed" ? outcome.by : null, seconds: outcome.seconds };
    });
    console.log(writeReport("mutation", { killed: count("killed"), survived: count("survived"), seconds, mutants }));
  }
  console.log(`${count("killed")} killed, ${count("survived")} survived, ${count("error")} errors, ${seconds} s`);
  process.exitCode = sound ? 0 : 1;
} catch (error) {
  sayWhatIsKept();
  if (!(error instanceof ListError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
