import { ErrorFragment, id } from "ethers";
import { READ_ADVICE } from "./advice/reads.js";
import type { AdviceTable } from "./advice/types.js";
import type { ErrorCode } from "./codes.js";
import { READ_CODES, READ_PATTERNS } from "./venues/reads.js";
import type { MessagePattern, VenueCodes } from "./venues/types.js";

/** What a contract's error means to a caller, and what he can do. */
export interface Advice {
  meaning: string;
  nextStep: string;
  /** CONTRACT_ERROR or VENUE_ERROR where the SDK's own checks have no code for the same thing. */
  code: ErrorCode;
}

/** A custom error that can be decoded. */
export interface KnownError extends Advice {
  fragment: ErrorFragment;
}

/** A part of what is known of the errors that a call can meet. */
export interface Knowledge {
  /** Custom errors. */
  errors: AdviceTable;
  /** What venues say in short. */
  codes: readonly VenueCodes[];
  /** What anybody says at length; the first that fits. */
  patterns: readonly MessagePattern[];
}

/** What a view can meet, to begin with. */
const parts: (() => Knowledge)[] = [() => ({ errors: READ_ADVICE, codes: [READ_CODES], patterns: READ_PATTERNS })];

interface Known {
  errors: ReadonlyMap<string, KnownError>;
  codes: ReadonlyMap<string, Advice>;
  patterns: readonly MessagePattern[];
}

let known: Known | undefined;

/** Adds to what is known; it is made once the first error is met. */
export function learn(part: () => Knowledge): void {
  parts.push(part);
  known = undefined;
}

function knowledge(): Known {
  if (known !== undefined) return known;
  const errors = new Map<string, KnownError>();
  const codes = new Map<string, Advice>();
  const patterns: MessagePattern[] = [];
  for (const part of parts.map((make) => make())) {
    for (const [signature, [meaning, nextStep, code = "CONTRACT_ERROR"]] of Object.entries(part.errors)) {
      const fragment = ErrorFragment.from(`error ${signature}`);
      errors.set(fragment.selector, { fragment, meaning, nextStep, code });
    }
    for (const [nextStep, meanings] of part.codes.flatMap(Object.entries<VenueCodes[string]>)) {
      for (const [said, meaning] of Object.entries(meanings)) {
        codes.set(said, { meaning, nextStep, code: "VENUE_ERROR" });
      }
    }
    patterns.push(...part.patterns);
  }
  known = { errors, codes, patterns };
  return known;
}

/** The custom errors that are known, by selector: ours, their libraries', the venues' and tokens'. */
export function knownErrors(): ReadonlyMap<string, KnownError> {
  return knowledge().errors;
}

/** Advice for a custom error by its signature without names, or undefined where it is not known. */
export function errorAdvice(signature: string): Advice | undefined {
  return knownErrors().get(id(signature).slice(0, 10));
}

/** Advice for the text of a `require`, a venue's code among them; undefined where it is not known. */
export function messageAdvice(message: string): Advice | undefined {
  const { codes, patterns } = knowledge();
  const whole = codes.get(message);
  if (whole !== undefined) return whole;
  const [, meaning, nextStep, code = "VENUE_ERROR"] = patterns.find(([like]) => like.test(message)) ?? [];
  return meaning && nextStep ? { meaning, nextStep, code } : undefined;
}
