import { type CrosshedgeError, decodeError } from "@crosshedge/sdk";

/** Why the chain refused, by the name of what it said. */
export interface Refusal {
  /** Name of the custom error, the venue's code, or the kind of revert. */
  readonly name: string;
  readonly message: string;
}

/** How often each refusal was seen. */
export class RefusalCounter {
  readonly #counts = new Map<string, number>();

  add({ name }: Refusal): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}

/** The refusal behind a caught error; rethrows what is no revert, such as a node that does not answer. */
export function refusalOf(caught: unknown): Refusal {
  const error = decodeError(caught);
  const name = nameOf(error);
  if (name === undefined) throw error;
  return { name, message: error.shortMessage };
}

function nameOf({ revert, code }: CrosshedgeError): string | undefined {
  if (revert === undefined) return code === "REVERTED" ? "Reverted" : undefined;
  switch (revert.kind) {
    case "custom":
      return revert.name;
    case "message":
      return revert.message;
    case "panic":
      return `Panic(${revert.panicCode})`;
    case "unknown":
      return revert.data.slice(0, 10);
    case "empty":
      return "Reverted";
  }
}
