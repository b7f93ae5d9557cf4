import { setImmediate } from "node:timers/promises";
import { type Contender, type EngineCase, type Spent, Took } from "./case.js";

/** Milliseconds of one run, the median over rounds; `ratio` is the other's time over the engine's own: above one, the engine is faster. */
export type Timing = {
  name: string;
  unit: string;
  milliseconds: number;
  perSecond: number;
  others: { name: string; milliseconds: number; ratio: number }[];
  most?: number;
  figures?: Record<string, number>;
  process?: Spent & { mostGiB: number };
};

const ROUNDS = 15;
/** Milliseconds of one round, so that the clock's grain does not matter. */
const ROUND = 40;

/** Time all contenders of a case in turn, round by round, so that a busy machine slows all of them alike. */
export async function time({
  name,
  unit,
  work = 1,
  own,
  others = [],
  once = false,
  most,
  figures,
  process,
}: EngineCase): Promise<Timing> {
  const all = [own, ...others];
  const runs: number[] = [];
  for (const contender of all) runs.push(once ? 1 : await runsFor(contender));
  const rounds: number[][] = all.map(() => []);
  for (let round = 0; round < (once ? 1 : ROUNDS); round++) {
    for (const [i, contender] of all.entries()) {
      rounds[i]!.push((await elapsed(contender, runs[i]!)) / runs[i]!);
      await setImmediate();
    }
  }
  const [milliseconds, ...rest] = rounds.map(median) as [number, ...number[]];
  return {
    ...{ name, unit, milliseconds, perSecond: (work * 1000) / milliseconds },
    others: others.map((other, i) => ({ name: other.name, milliseconds: rest[i]!, ratio: rest[i]! / milliseconds })),
    ...(most !== undefined && { most }),
    ...(figures !== undefined && { figures: figures() }),
    ...(process !== undefined && { process: { ...process.spent(), mostGiB: process.mostGiB } }),
  };
}

/** How often a contender must run to fill a round, found while it warms up. */
async function runsFor(contender: Contender): Promise<number> {
  let runs = 1;
  while ((await elapsed(contender, runs)) < ROUND) runs *= 2;
  return runs;
}

let kept: unknown;

async function elapsed({ run }: Contender, runs: number): Promise<number> {
  const start = performance.now();
  let took: number | undefined;
  for (let i = 0; i < runs; i++) {
    kept = run();
    if (kept instanceof Promise) kept = await kept;
    if (kept instanceof Took) took = (took ?? 0) + kept.milliseconds;
  }
  const end = performance.now();
  if (kept === elapsed) throw new Error("what ran returned the stopwatch");
  return took ?? end - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
