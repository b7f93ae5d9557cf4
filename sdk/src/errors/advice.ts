import { ErrorFragment, id } from "ethers";
import { PLAN_ADVICE } from "./advice/plans.js";
import { SETUP_ADVICE } from "./advice/setup.js";
import { TOKEN_ADVICE } from "./advice/tokens.js";
import { VAULT_ADVICE } from "./advice/vault.js";
import type { ErrorCode } from "./codes.js";
import { aaveErrors } from "./venues/aaveV3.js";
import { MESSAGE_PATTERNS } from "./venues/messages.js";
import { PERP_V2_CODES } from "./venues/perpV2.js";
import { UNISWAP_V3_CODES } from "./venues/uniswapV3.js";

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

let errors: ReadonlyMap<string, KnownError> | undefined;
let codes: ReadonlyMap<string, Advice> | undefined;

/** The custom errors of every contract that a call can reach, by selector: ours, their libraries', the venues' and tokens'. */
export function knownErrors(): ReadonlyMap<string, KnownError> {
  if (errors !== undefined) return errors;
  const found = new Map<string, KnownError>();
  const add = (signature: string, advice: Advice): void => {
    const fragment = ErrorFragment.from(`error ${signature}`);
    found.set(fragment.selector, { fragment, ...advice });
  };
  for (const { name, meaning, nextStep } of aaveErrors()) add(`${name}()`, { meaning, nextStep, code: "VENUE_ERROR" });
  const own = { ...TOKEN_ADVICE, ...VAULT_ADVICE, ...PLAN_ADVICE, ...SETUP_ADVICE };
  for (const [signature, [meaning, nextStep, code]] of Object.entries(own)) {
    add(signature, { meaning, nextStep, code: code ?? "CONTRACT_ERROR" });
  }
  errors = found;
  return found;
}

/** Advice for a custom error by its signature without names, or undefined where it is not known. */
export function errorAdvice(signature: string): Advice | undefined {
  return knownErrors().get(id(signature).slice(0, 10));
}

function venueCodes(): ReadonlyMap<string, Advice> {
  if (codes !== undefined) return codes;
  const found = new Map<string, Advice>();
  for (const table of [PERP_V2_CODES, UNISWAP_V3_CODES]) {
    for (const [nextStep, meanings] of Object.entries(table)) {
      for (const [code, meaning] of Object.entries(meanings)) {
        found.set(code, { meaning, nextStep, code: "VENUE_ERROR" });
      }
    }
  }
  for (const { code, meaning, nextStep } of aaveErrors()) {
    if (code !== undefined) found.set(code, { meaning, nextStep, code: "VENUE_ERROR" });
  }
  codes = found;
  return found;
}

/** Advice for the text of a `require`, a venue's code among them; undefined where it is not known. */
export function messageAdvice(message: string): Advice | undefined {
  const known = venueCodes().get(message);
  if (known !== undefined) return known;
  const [, meaning, nextStep, code] = MESSAGE_PATTERNS.find(([like]) => like.test(message)) ?? [];
  return meaning && nextStep ? { meaning, nextStep, code: code ?? "VENUE_ERROR" } : undefined;
}
