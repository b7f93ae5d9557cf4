/** An error that its reader can mend: what is wrong, and what to do. */
export class KeeperError extends Error {
  override readonly name: string = "KeeperError";
  readonly nextStep: string;

  constructor(message: string, nextStep: string, cause?: unknown) {
    super(message.endsWith("\n") ? message + nextStep : `${message} ${nextStep}`, cause === undefined ? {} : { cause });
    this.nextStep = nextStep;
  }
}
