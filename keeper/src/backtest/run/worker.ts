import { type Walk, type WalkTask, walk } from "../walk/walk.js";

/** What a worker gets. */
export interface WalkJob {
  readonly task: WalkTask;
  /** Counts decisions over all workers. */
  readonly counter: Int32Array;
}

/** One asset's walk, in a worker. */
export function walkJob({ task, counter }: WalkJob): Walk {
  return walk(task, (more) => {
    Atomics.add(counter, 0, more);
  });
}
