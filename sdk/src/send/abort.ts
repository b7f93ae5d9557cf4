import { CrosshedgeError } from "../errors/CrosshedgeError.js";

/** @throws {CrosshedgeError} ABORTED, with the hash of what is on its way */
export function checkAborted(signal: AbortSignal | undefined, hash?: string): void {
  if (!signal?.aborted) return;
  if (hash === undefined) throw new CrosshedgeError("ABORTED", "Sending was stopped before a transaction was known.");
  throw new CrosshedgeError("ABORTED", `The wait for ${hash} was stopped; it may be mined all the same.`, { hash });
}

/** The promise's answer, or ABORTED as soon as the signal says so. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  // Once nobody waits for it, it may fail unheard.
  promise.catch(() => undefined);
  checkAborted(signal);
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      try {
        checkAborted(signal);
      } catch (caught) {
        reject(caught);
      }
    };
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    if (stop) signal.removeEventListener("abort", stop);
  }
}

/** Resolves after so many milliseconds, or at once where the signal says so. */
export function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    if (signal?.aborted) finish();
    else signal?.addEventListener("abort", finish);
  });
}
