import { PLAN_ADVICE } from "./advice/plans.js";
import { SETUP_ADVICE } from "./advice/setup.js";
import { TOKEN_ADVICE } from "./advice/tokens.js";
import type { AdviceTable } from "./advice/types.js";
import { VAULT_ADVICE } from "./advice/vault.js";
import type { ErrorCode } from "./codes.js";

/** What a custom error means to a caller, and what he can do. */
export interface ContractErrorAdvice {
  meaning: string;
  nextStep: string;
  /** CONTRACT_ERROR where the SDK's own checks have no code for the same thing. */
  code?: ErrorCode;
}

const ADVICE: AdviceTable = { ...TOKEN_ADVICE, ...VAULT_ADVICE, ...PLAN_ADVICE, ...SETUP_ADVICE };

/** Advice for a custom error by its name, or undefined where it is none of a Crosshedge contract or a token. */
export function contractErrorAdvice(name: string): ContractErrorAdvice | undefined {
  const entry = Object.hasOwn(ADVICE, name) ? ADVICE[name] : undefined;
  if (entry === undefined) return undefined;
  const [meaning, nextStep, code] = entry;
  return { meaning, nextStep, ...(code === undefined ? {} : { code }) };
}
