/**
 * `npm run mutate [-- --seed S --count N --only id,... --fresh]`: breaks the contracts in every way of the list in `test/mutants`, one at
 * a time, and runs the tests that must notice. All of the list together rewrites `test/reports/mutation.json`. What was killed is kept
 * while the contracts stay the same, also where a run is cut short; `--fresh` kills it again.
 */
import { parseArgs } from "node:util";
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

function choose(): { chosen: readonly Mutant[]; full: boolean; fresh: boolean } {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      count: { type: "string" },
      only: { type: "string" },
      fresh: { type: "boolean", default: false },
    },
  });
  if (values.only !== undefined) {
    const ids = values.only.split(",");
    const unknown = ids.filter((id) => !list.some((mutant) => mutant.id === id));
    if (unknown.length > 0) throw new ListError(`there is no mutant ${unknown.join(", ")}`);
    return { chosen: list.filter(({ id }) => ids.includes(id)), full: false, fresh: values.fresh };
  }
  const count = values.count === undefined ? list.length : Number(values.count);
  if (!Number.isInteger(count) || count < 1) throw new ListError("--count is a number of mutants");
  const seed = values.seed ?? contractsHash();
  if (count < list.length) console.log(`${count} of ${list.length} mutants, drawn by --seed ${seed}`);
  return { chosen: draw(list, count, seed), full: count >= list.length, fresh: values.fresh };
}

function sayWhatIsKept(): void {
  if (judged.length > 0)
    console.log(`
cut short: ${judged.length} mutants are judged; those that were killed are kept`);
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
