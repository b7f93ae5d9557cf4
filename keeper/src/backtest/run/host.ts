import type { Progress } from "../../report/progress.js";

/** What a run has around it: how much it may take, whom it tells, and who may stop it. */
export interface Host {
  /** Workers; 0 does everything in this thread. */
  readonly threads: number;
  /** Begins a line of progress. */
  readonly progress?: (label: string, total: number) => Progress;
  /** Ends the run; what is finished is kept. */
  readonly signal?: AbortSignal;
}

/** A run that was stopped before its end. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";

  constructor(done: number, total: number, of: string) {
    super(`Stopped with ${done} of ${total} ${of} finished; these are kept, and the same command goes on from there.`);
  }
}
