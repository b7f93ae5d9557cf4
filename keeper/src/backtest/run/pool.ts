import { Piscina } from "piscina";
import type { Host } from "./host.js";
import { Interrupted } from "./host.js";

/** Milliseconds between two looks at how far the workers are. */
const LOOK = 200;

/** Many jobs of one kind. */
export interface Jobs<T> {
  /** What they are called, for messages: "assets". */
  readonly of: string;
  readonly file: URL;
  /** Exported function of the file. */
  readonly name: string;
  readonly jobs: readonly { readonly key: string; readonly data: object }[];
  /** How many of all jobs were finished before, for messages. */
  readonly before: number;
  readonly onDone: (key: string, result: T) => void;
  /** Called every now and then. */
  readonly onLook?: () => void;
}

/**
 * Runs jobs over workers; each is handed on as soon as it is finished.
 *
 * @throws Interrupted once the signal came, or the error of the first job that fails
 */
export async function runJobs<T>({ of, file, name, jobs, before, onDone, onLook }: Jobs<T>, host: Host): Promise<void> {
  const { signal, threads } = host;
  const total = before + jobs.length;
  let done = before;
  if (signal?.aborted) throw new Interrupted(done, total, of);
  if (jobs.length === 0) return;
  const pool = new Piscina({
    filename: file.href,
    name,
    minThreads: 1,
    maxThreads: Math.min(threads, jobs.length),
    concurrentTasksPerWorker: 1,
  });
  const timer = setInterval(() => onLook?.(), LOOK);
  try {
    await Promise.all(
      jobs.map(async ({ key, data }) => {
        const result: T = await pool.run(data, signal === undefined ? {} : { signal });
        done += 1;
        onDone(key, result);
      }),
    );
  } catch (error) {
    if (signal?.aborted) throw new Interrupted(done, total, of);
    throw error;
  } finally {
    clearInterval(timer);
    await pool.destroy();
  }
}
