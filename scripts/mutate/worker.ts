/** Breaks one contract after the other in a workspace of its own, started by pool.ts. The compiler stays loaded. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { removeWorkspace } from "../build/workspace.js";
import { Compiler, type Target } from "./compiler.js";
import { Graft } from "./graft.js";
import { runTests, type Tests, type Verdict } from "./killer.js";
import { breakSource, killersOf, type Mutant, sourceOf } from "./mutant.js";

export type WorkerJob = { readonly mutant: Mutant } | { readonly tests: Tests };

/** What became of a mutant. An error is the list's or the machine's, and no kill. */
export type Outcome =
  | { readonly kind: "killed"; readonly by: string; readonly seconds: number }
  | { readonly kind: "survived"; readonly seconds: number }
  | { readonly kind: "error"; readonly message: string; readonly seconds: number };

export type WorkerAnswer = Outcome | Verdict;

/** Most code that a contract may have on a chain. */
const MOST_BYTES = 24_576;

const workspace = process.argv[2];
if (workspace === undefined) throw new Error("which workspace?");
let compiler: Compiler | undefined;
const graft = new Graft(workspace);

/** A mutant must not be killed by its size. */
function requireFits({ name, source }: Target, code: string): void {
  const bytes = (code.length - 2) / 2;
  if (source.startsWith("contracts/") && bytes > MOST_BYTES)
    throw new Error(`${name} has ${bytes} bytes of code, of ${MOST_BYTES}`);
}

async function judge(mutant: Mutant, root: string): Promise<Outcome> {
  const start = Date.now();
  const seconds = () => Math.round((Date.now() - start) / 100) / 10;
  try {
    compiler ??= new Compiler(root);
    const source = sourceOf(mutant);
    const broken = breakSource(readFileSync(path.join(root, source), "utf8"), mutant);
    const made = new Set<string>();
    let different = false;
    for (const killer of killersOf(mutant)) {
      const targets = compiler.targetsOf(source, killer.file).filter(({ artifact }) => !made.has(artifact));
      const codes = compiler.compile(targets, source, broken);
      targets.forEach((target, i) => {
        made.add(target.artifact);
        requireFits(target, codes[i]!.deployedBytecode);
        different = graft.insert(target, codes[i]!) || different;
      });
      if (!different) continue;
      const verdict = await runTests(root, {
        file: killer.file,
        titles: killer.title === undefined ? [] : [killer.title],
      });
      if ("error" in verdict) throw new Error(verdict.error);
      if (!verdict.green) return { kind: "killed", by: verdict.by, seconds: seconds() };
    }
    if (!different) throw new Error("the compiler makes the same code of it");
    return { kind: "survived", seconds: seconds() };
  } catch (error) {
    return { kind: "error", message: (error as Error).message, seconds: seconds() };
  } finally {
    graft.restore();
  }
}

process.once("disconnect", () => {
  removeWorkspace(workspace);
  process.exit(1);
});
process.on("message", async (job: WorkerJob) => {
  const answer: WorkerAnswer =
    "mutant" in job ? await judge(job.mutant, workspace) : await runTests(workspace, job.tests);
  process.send?.(answer);
});
