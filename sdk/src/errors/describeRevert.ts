import { CrosshedgeError } from "./CrosshedgeError.js";
import type { ErrorCode } from "./codes.js";
import { type Advice, errorAdvice, messageAdvice } from "./knowledge.js";
import type { Revert } from "./revert.js";

/** Longer than a word, hex. */
const LONG = /^(0x[0-9a-f]{8})[0-9a-f]{57,}$/i;

function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(", ")}]`;
  return String(value).replace(LONG, "$1…");
}

function signatureWithArgs(revert: Extract<Revert, { kind: "custom" }>): string {
  const types = revert.signature.slice(revert.name.length + 1, -1).split(",");
  // Of bytes that are an error of their own, the description tells.
  const shown = Object.entries(revert.args).filter((_, index) => !revert.inner || types[index] !== "bytes");
  const args = shown.map(([name, value]) => (/^\d+$/.test(name) ? show(value) : `${name}: ${show(value)}`));
  return `${revert.name}(${args.join(", ")})`;
}

function describe(revert: Revert): string {
  switch (revert.kind) {
    case "custom": {
      const outer = errorAdvice(revert.signature)?.meaning;
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

const FALLBACK: Record<Revert["kind"], ErrorCode> = {
  custom: "CONTRACT_ERROR",
  message: "REVERTED",
  panic: "PANIC",
  unknown: "REVERTED",
  empty: "REVERTED",
};

/** Of the outermost error that is known; one that only carries another says nothing by itself. */
function adviceOf(revert: Revert): Partial<Advice> {
  if (revert.kind === "message") {
    return messageAdvice(revert.message) ?? { nextStep: "The message is the contract's own reason." };
  }
  if (revert.kind !== "custom") return {};
  const own = errorAdvice(revert.signature);
  if (own?.nextStep === "" && revert.inner !== undefined) return adviceOf(revert.inner);
  return own ?? {};
}

/** The error that stands for a revert. */
export function revertError(revert: Revert, cause?: unknown): CrosshedgeError {
  const { code = FALLBACK[revert.kind], nextStep } = adviceOf(revert);
  return new CrosshedgeError(code, `The call reverted: ${describe(revert)}.`, {
    revert,
    ...(cause === undefined ? {} : { cause }),
    ...(nextStep === undefined || nextStep === "" ? {} : { nextStep }),
  });
}
