import { CrosshedgeError } from "./CrosshedgeError.js";
import type { ErrorCode } from "./codes.js";
import { contractErrorAdvice } from "./contractErrorAdvice.js";
import type { Revert } from "./revert.js";

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return String(value);
}

function signatureWithArgs(revert: Extract<Revert, { kind: "custom" }>): string {
  const args = Object.entries(revert.args).map(([name, value]) =>
    /^\d+$/.test(name) ? show(value) : `${name}: ${show(value)}`,
  );
  return `${revert.name}(${args.join(", ")})`;
}

function describe(revert: Revert): string {
  switch (revert.kind) {
    case "custom": {
      const outer = contractErrorAdvice(revert.name)?.meaning;
      const text = outer === undefined ? signatureWithArgs(revert) : `${signatureWithArgs(revert)}: ${outer}`;
      return revert.inner === undefined ? text : `${text}, because of ${describe(revert.inner)}`;
    }
    case "message":
      return revert.meaning === undefined ? `"${revert.message}"` : `${revert.message}: ${revert.meaning}`;
    case "panic":
      return revert.meaning;
    case "unknown":
      return `an unknown error ${revert.data.slice(0, 10)}`;
    case "empty":
      return "no reason given";
  }
}

function codeOf(revert: Revert): ErrorCode {
  switch (revert.kind) {
    case "custom":
      return contractErrorAdvice(revert.name)?.code ?? "CONTRACT_ERROR";
    case "message":
      return revert.meaning === undefined ? "REVERTED" : "VENUE_ERROR";
    case "panic":
      return "PANIC";
    case "unknown":
    case "empty":
      return "REVERTED";
  }
}

function nextStepOf(revert: Revert): string | undefined {
  if (revert.kind === "custom") return contractErrorAdvice(revert.name)?.nextStep;
  return revert.kind === "message" && revert.meaning === undefined
    ? "The message is the contract's own reason."
    : undefined;
}

/** The error that stands for a revert. */
export function revertError(revert: Revert, cause?: unknown): CrosshedgeError {
  const nextStep = nextStepOf(revert);
  return new CrosshedgeError(codeOf(revert), `The call reverted: ${describe(revert)}.`, {
    revert,
    ...(cause === undefined ? {} : { cause }),
    ...(nextStep === undefined ? {} : { nextStep }),
  });
}
