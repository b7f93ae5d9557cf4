import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { createWorkspace, environmentOf, removeWorkspace } from "../build/workspace.js";
import type { WorkerAnswer, WorkerJob } from "./worker.js";

interface Worker {
  readonly child: ChildProcess;
  readonly workspace: string;
}

/** Workers, each in a copy of the built project, as many as there are cores; they end with this process. */
export class Pool {
  readonly #workers: Worker[];

  constructor(jobs: number, cores = availableParallelism()) {
    this.#workers = Array.from({ length: Math.min(jobs, cores) }, () => {
      const workspace = createWorkspace({ built: true });
      const child = fork(path.join(import.meta.dirname, "worker.ts"), [workspace], {
        env: environmentOf(workspace),
        execArgv: ["--import", "tsx"],
      });
      return { child, workspace };
    });
    // Before the workspaces are removed.
    process.prependOnceListener("exit", this.#kill);
  }

  readonly #kill = (): void => {
    for (const { child } of this.#workers) child.kill("SIGKILL");
  };

  /** Does every job, in this order as workers become free. */
  async run<T extends WorkerAnswer>(
    jobs: readonly WorkerJob[],
    done: (index: number, answer: T) => void,
  ): Promise<void> {
    let next = 0;
    const serve = async ({ child }: Worker): Promise<void> => {
      while (next < jobs.length) {
        const index = next;
        next += 1;
        done(index, await ask<T>(child, jobs[index]!));
      }
    };
    await Promise.all(this.#workers.map(serve));
  }

  close(): void {
    process.removeListener("exit", this.#kill);
    this.#kill();
    for (const { workspace } of this.#workers) removeWorkspace(workspace);
  }
}

function ask<T extends WorkerAnswer>(child: ChildProcess, job: WorkerJob): Promise<T> {
  return new Promise((resolve, reject) => {
    const crashed = (code: number | null, signal: string | null) => {
      reject(new Error(`a worker crashed: ${signal ?? `exit code ${code}`}`));
    };
    child.once("exit", crashed);
    child.once("message", (answer) => {
      child.removeListener("exit", crashed);
      resolve(answer as T);
    });
    child.send(job);
  });
}
