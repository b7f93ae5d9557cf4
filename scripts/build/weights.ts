import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../..");
/** Milliseconds that each Mocha file took in a whole run; only their ratios matter. `npm test -- --weigh` writes it. */
const KEPT = path.join(root, "test/weights.json");

/** Milliseconds by test file. */
export type Weights = Readonly<Record<string, number>>;

const nameOf = (file: string): string => path.relative(root, file).replaceAll(path.sep, "/");

/** What the last weighing found, by path inside the repository. */
export const keptWeights = (): Weights => JSON.parse(readFileSync(KEPT, "utf8")) as Weights;

/** @param took By absolute path */
export function keepWeights(took: Weights): void {
  const named = Object.entries(took).map(([file, milliseconds]) => [nameOf(file), Math.ceil(milliseconds)] as const);
  const sorted = named.sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(KEPT, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`);
}

/** Weighs test files by what they took; one that was never weighed by its size, at the rate of the others. */
export function weigher(files: readonly string[], weights: Weights): (file: string) => number {
  const sizeOf = (file: string): number => statSync(file).size;
  const known = files.filter((file) => weights[nameOf(file)] !== undefined);
  const sum = (weigh: (file: string) => number): number => known.reduce((total, file) => total + weigh(file), 0);
  const rate = known.length > 0 ? sum((file) => weights[nameOf(file)]!) / sum(sizeOf) : 1;
  return (file) => weights[nameOf(file)] ?? sizeOf(file) * rate;
}
