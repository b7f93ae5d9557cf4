/** A keeper in a process of its own, which dies as it is told: its parent sends what it needs once it says that it is ready. */
import fs from "node:fs";
import type { Step } from "../../../../keeper/src/lane/lane.js";
import { type LifeSettings, live } from "./life.js";

/** What the parent sends. */
export interface ChildJob {
  readonly settings: LifeSettings;
  readonly ticks: number;
  /** It kills itself there. */
  readonly dieAt?: Step;
  /** From there on its disk takes nothing more. */
  readonly fullAt?: Step;
  /** It tells its parent there, and waits a while for the signal that follows. */
  readonly tellAt?: Step;
}

/** What the child says: that it may be given a job, that it has come to the step, how it ended. */
export type ChildWord =
  | { readonly word: "ready" }
  | { readonly word: "at"; readonly step: Step }
  | { readonly word: "done"; readonly states: readonly string[] }
  | { readonly word: "failed"; readonly message: string };

const say = (word: ChildWord): Promise<void> => new Promise((resolve) => process.send!(word, () => resolve()));
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

/** What a full disk says to every write. */
const full = (): never => {
  throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", errno: -28 });
};

async function work({ settings, ticks, dieAt, fullAt, tellAt }: ChildJob): Promise<void> {
  const life = await live(settings, {
    onStep: async (step) => {
      if (step === dieAt) process.kill(process.pid, "SIGKILL");
      if (step === fullAt) fs.writeSync = full;
      if (step !== tellAt) return;
      await say({ word: "at", step });
      await new Promise<void>((resolve) => stop.signal.addEventListener("abort", () => resolve()));
    },
  });
  const results = await life.ticks(ticks, stop.signal);
  await life.lane.release();
  await life.close();
  await say({ word: "done", states: results.map(({ state }) => state) });
}

process.once("message", (job) => {
  work(job as ChildJob)
    .catch((error: unknown) => say({ word: "failed", message: error instanceof Error ? error.message : String(error) }))
    .finally(() => process.exit());
});
await say({ word: "ready" });
