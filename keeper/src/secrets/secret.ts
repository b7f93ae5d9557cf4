import { inspect } from "node:util";

const HIDDEN = "<redacted>";

/** A text that nobody is to see: whatever prints it, writes it as JSON or looks into it gets "<redacted>". */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself, for the one who uses it and does not pass it on. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [Symbol.toPrimitive](): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
