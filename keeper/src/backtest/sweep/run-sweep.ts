import type { Market } from "../data/market.js";
import type { Inputs, SettingsInput } from "../options.js";
import type { Host } from "../run/host.js";
import type { PartStore } from "../run/part-store.js";
import { runJobs } from "../run/pool.js";
import type { Summary } from "../score/summary.js";
import { atPoint, type Point, type Shard } from "./grid.js";
import { pointJob } from "./worker.js";

/** A point that is finished. */
export interface PointResult {
  readonly point: Point;
  readonly summary: Summary;
}

/** What is swept, and where the finished points are kept. */
export interface Sweep {
  readonly market: Market;
  readonly inputs: Inputs;
  /** Settings that the points do not set. */
  readonly base: SettingsInput;
  readonly points: readonly Point[];
  readonly shard: Shard;
  readonly store: PartStore<PointResult>;
}

/**
 * Runs the shard's points that are not finished yet.
 *
 * @returns All finished points in the grid's order, those of other shards and earlier runs among them
 * @throws Interrupted where the host's signal came; finished points are kept
 */
export async function runSweep(
  { market, inputs, base, points, shard, store }: Sweep,
  host: Host,
): Promise<PointResult[]> {
  const mine = points.filter((_, i) => i % shard.count === shard.index - 1);
  const open = mine.filter((point) => store.read(nameOf(point)) === undefined);
  const before = mine.length - open.length;
  const progress = host.progress?.(`${mine.length} points`, mine.length);
  let done = before;
  const onDone = (key: string, result: PointResult): void => {
    store.write(key, result);
    done += 1;
    progress?.update(done, before > 0 ? `${before} of them were finished before` : "");
  };
  if (host.threads === 0) {
    for (const point of open) {
      onDone(nameOf(point), { point, summary: await pointJob({ market, ...atPoint(inputs, base, point) }) });
    }
  } else {
    const byName = new Map(open.map((point) => [nameOf(point), point]));
    const jobs = [...byName].map(([key, point]) => ({ key, data: { market, ...atPoint(inputs, base, point) } }));
    const file = new URL("./worker.ts", import.meta.url);
    const finished = (key: string, summary: Summary): void => onDone(key, { point: byName.get(key)!, summary });
    await runJobs<Summary>({ of: "points", file, name: "pointJob", jobs, before, onDone: finished }, host);
  }
  progress?.finish(before > 0 ? `${before} of them were finished before` : "");
  return points.flatMap((point) => store.read(nameOf(point)) ?? []);
}

/** A point in words: "every=12 band=0.05". Names its file too. */
export function nameOf(point: Point): string {
  return Object.entries(point)
    .map(([key, value]) => `${key}=${Array.isArray(value) ? value.join(",") : String(value)}`)
    .join(" ");
}
