import { redact } from "./redact.js";

const MAX_DEPTH = 6;

function text(value: unknown): string | undefined {
  return typeof value === "string" ? redact(value) : undefined;
}

/** What was caught, reduced to its name, code and message: transports put URLs and credentials in the rest. */
export class RedactedCause extends Error {
  override readonly name: string;
  readonly code: string | number | undefined;

  constructor(caught: unknown, depth = 0) {
    const source = (typeof caught === "object" && caught !== null ? caught : {}) as Record<string, unknown>;
    const inner = source.cause ?? source.error;
    const nested = inner !== undefined && inner !== caught && depth < MAX_DEPTH;
    super(text(source.shortMessage) ?? text(source.message) ?? redact(String(caught)), {
      ...(nested ? { cause: new RedactedCause(inner, depth + 1) } : {}),
    });
    this.name = text(source.name) ?? "Error";
    this.code = typeof source.code === "number" ? source.code : text(source.code);
  }
}
