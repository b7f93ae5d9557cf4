/** A failure that the person at the keyboard can mend: what is wrong, and what to do next. */
export class UsageError extends Error {
  readonly next: string;

  constructor(shortMessage: string, next: string, cause?: unknown) {
    super(`${shortMessage} ${next}`, cause === undefined ? undefined : { cause });
    this.name = "UsageError";
    this.next = next;
  }
}
