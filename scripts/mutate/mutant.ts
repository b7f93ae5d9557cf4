import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { runnerOf } from "../build/test-counts.js";

/** One deliberate mistake in a contract, and the tests that must notice it. */
export interface Mutant {
  /** `area/what-is-broken`. */
  readonly id: string;
  /** The source that is broken, below `contracts/`. */
  readonly file: string;
  /** Where the search for `find` begins: a text that occurs once. Without it `find` itself occurs once. */
  readonly after?: string;
  readonly find: string;
  readonly replace: string;
  /** What the mistake would cost. */
  readonly why: string;
  /** Test files below `test/`, or `file: part of a title`; tried in this order. */
  readonly killers: readonly string[];
}

/** Tests that may kill a mutant. */
export interface Killer {
  /** Below the project's folder. */
  readonly file: string;
  /** Without one, every test of the file. */
  readonly title?: string;
}

export const sourceOf = ({ file }: Mutant): string => `contracts/${file}`;

export function killersOf({ killers }: Mutant): Killer[] {
  return killers.map((killer) => {
    const [name, ...title] = killer.split(": ");
    return { file: `test/${name}`, ...(title.length > 0 && { title: title.join(": ") }) };
  });
}

const countIn = (text: string, part: string): number => text.split(part).length - 1;

/** The source with the mistake in it; throws if its place is not there, or not clear. */
export function breakSource(source: string, { id, file, after, find, replace }: Mutant): string {
  const anchor = after ?? find;
  const times = countIn(source, anchor);
  if (times !== 1) throw new Error(`${id}: \`${anchor}\` occurs ${times} times in contracts/${file}, not once`);
  const at = source.indexOf(find, source.indexOf(anchor));
  if (at === -1) throw new Error(`${id}: \`${find}\` does not come after \`${after}\` in contracts/${file}`);
  return source.slice(0, at) + replace + source.slice(at + find.length);
}

/** What is wrong with a list of mutants, in words; empty if nothing is. */
export function faultsOf(mutants: readonly Mutant[], root: string): string[] {
  const faults: string[] = [];
  const ids = mutants.map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`${id}: there are two of it`);
  for (const mutant of mutants) {
    const source = path.join(root, sourceOf(mutant));
    if (!existsSync(source)) faults.push(`${mutant.id}: there is no ${sourceOf(mutant)}`);
    else {
      try {
        const before = readFileSync(source, "utf8");
        if (breakSource(before, mutant) === before) faults.push(`${mutant.id}: changes nothing`);
      } catch (error) {
        faults.push((error as Error).message);
      }
    }
    if (mutant.killers.length === 0) faults.push(`${mutant.id}: has no killer`);
    for (const { file } of killersOf(mutant)) {
      if (runnerOf(file) === undefined || !existsSync(path.join(root, file))) {
        faults.push(`${mutant.id}: ${file} is no test file`);
      }
    }
  }
  return faults;
}
