import { redact } from "@crosshedge/sdk";
import { KeeperError } from "../errors.js";

const MEANINGS: readonly { readonly match: RegExp; readonly is: string; readonly nextStep: string }[] = [
  {
    match: /53100|ENOSPC|EFBIG|EDQUOT|no space left|could not (?:extend|write)/i,
    is: "The disk of the journal is full",
    nextStep: "Make room; the keeper acts again by itself after a restart.",
  },
  {
    match: /53300|too many clients/i,
    is: "The database takes no more connections",
    nextStep: "Raise max_connections, or run fewer replicas.",
  },
  {
    match: /28P01|28000|3D000/,
    is: "The database refuses this user, password or name",
    nextStep: "Correct the database's URL.",
  },
];

const DATABASE_URL = /\bpostgres(?:ql)?:\/\/\S+/gi;

const GONE = { is: "The journal's database does not answer", nextStep: "Bring it back; nothing is signed without it." };

/** The journal cannot be read or written: whoever was about to sign must not. */
export class StorageError extends KeeperError {
  constructor(cause: unknown) {
    const text = describe(cause);
    const { is, nextStep } = MEANINGS.find(({ match }) => match.test(text)) ?? GONE;
    super(`${is}: ${redact(text).replace(DATABASE_URL, "<url>")}.`, nextStep, cause);
  }
}

/** SQLSTATE or Node's code of an error; empty where it has neither. */
export function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === "string" ? code : "";
}

function describe(cause: unknown): string {
  const errors = cause instanceof AggregateError ? cause.errors : [cause];
  return errors
    .map((error) => [codeOf(error), (error as Error)?.message ?? error].filter(Boolean).join(" "))
    .join("; ");
}
