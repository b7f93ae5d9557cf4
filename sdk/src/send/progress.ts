import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Broadcast, Unsure } from "./unsure.js";

/** What runs of one preparation have got so far, so that the next one asks for nothing twice. */
export interface Progress {
  running: boolean;
  /** Of permits, by token. */
  readonly signatures: Record<string, string>;
  /** Transactions that a wallet was asked for and that may still be mined. */
  readonly requests: Map<string, Promise<Broadcast>>;
  /** The operation's transaction, where sending failed without telling whether it went out. */
  unsure: Unsure | null;
  /** A wallet's batch that was submitted, or may have been, by its id. */
  batch: string | null;
}

const runs = new WeakMap<object, Progress>();

/** Kept for as long as the preparation itself. */
export function progressOf(prepared: object): Progress {
  const known = runs.get(prepared);
  if (known !== undefined) return known;
  const progress: Progress = { running: false, signatures: {}, requests: new Map(), unsure: null, batch: null };
  runs.set(prepared, progress);
  return progress;
}

/** One run at a time: a second click does not send twice. */
export async function exclusively<T>(progress: Progress, run: () => Promise<T>): Promise<T> {
  if (progress.running) throw new CrosshedgeError("IN_PROGRESS", "This preparation is being sent already.");
  progress.running = true;
  try {
    return await run();
  } finally {
    progress.running = false;
  }
}

/** Asks a wallet once: a request that stands, answered or not, is not made again. */
export function askOnce({ requests }: Progress, key: string, ask: () => Promise<Broadcast>): Promise<Broadcast> {
  const standing = requests.get(key);
  if (standing !== undefined) return standing;
  const asked = ask();
  requests.set(key, asked);
  asked.catch(() => requests.delete(key));
  return asked;
}
