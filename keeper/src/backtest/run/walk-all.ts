import { setImmediate } from "node:timers/promises";
import type { AssetCase } from "../data/cases.js";
import { type Walk, type WalkTask, walk } from "../walk/walk.js";
import type { Host } from "./host.js";
import { Interrupted } from "./host.js";
import type { PartStore } from "./part-store.js";
import { runJobs } from "./pool.js";

/** How the assets are walked. */
export interface WalkPlan {
  readonly methods: readonly string[];
  readonly latency: number;
  /** Where finished assets are kept. */
  readonly store?: PartStore<Walk>;
}

/** Walks of all assets, by asset; those that are in the store are taken from there. */
export async function walkAll(
  cases: readonly AssetCase[],
  { methods, latency, store }: WalkPlan,
  host: Host,
): Promise<Map<string, Walk>> {
  const found = new Map<string, Walk>();
  for (const { asset } of cases) {
    const kept = store?.read(asset);
    if (kept !== undefined) found.set(asset, kept);
  }
  const open = cases.filter(({ asset }) => !found.has(asset));
  const tasks = open.map(({ asset, observations, hedges, times }) => {
    const task: WalkTask = { observations, hedges: hedges.length, methods, times, latency };
    return { asset, task };
  });
  const total = open.reduce((sum, { times }) => sum + times.length, 0);
  const progress = total > 0 ? host.progress?.(`${open.length} assets`, total) : undefined;
  const before = found.size;
  const onDone = (asset: string, done: Walk): void => {
    store?.write(asset, done);
    found.set(asset, done);
  };
  if (host.threads === 0) {
    let done = 0;
    for (const { asset, task } of tasks) {
      if (host.signal?.aborted) throw new Interrupted(found.size, cases.length, "assets");
      onDone(
        asset,
        walk(task, (more) => {
          done += more;
          progress?.update(done, asset);
        }),
      );
      await setImmediate();
    }
  } else {
    const counter = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const jobs = tasks.map(({ asset, task }) => ({ key: asset, data: { task, counter } }));
    const onLook = (): void => progress?.update(Atomics.load(counter, 0), `${found.size} of ${cases.length} finished`);
    const file = new URL("./worker.ts", import.meta.url);
    await runJobs<Walk>({ of: "assets", file, name: "walkJob", jobs, before, onDone, onLook }, host);
  }
  progress?.finish();
  return new Map(cases.map(({ asset }) => [asset, found.get(asset)!]));
}
