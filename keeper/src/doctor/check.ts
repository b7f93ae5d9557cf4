import { decodeError } from "@crosshedge/sdk";
import { KeeperError } from "../errors.js";

export type Verdict = "ok" | "warn" | "fail";

/** One thing that was looked at. */
export interface Check {
  /** What it belongs to: configuration, storage, a chain, an account, a vault. */
  readonly about: string;
  readonly name: string;
  readonly verdict: Verdict;
  /** What was found. */
  readonly fact: string;
  /** What to do; null where nothing is to be done. */
  readonly nextStep: string | null;
}

/** What was found, without what it belongs to. */
export type Finding = Omit<Check, "about" | "name">;

export const ok = (fact: string): Finding => ({ verdict: "ok", fact, nextStep: null });
export const warn = (fact: string, nextStep: string): Finding => ({ verdict: "warn", fact, nextStep });
export const fail = (fact: string, nextStep: string): Finding => ({ verdict: "fail", fact, nextStep });

/** Warned where it is not as it should be. */
export const okOr = (fine: boolean, fact: string, nextStep: string, worse: "warn" | "fail" = "warn"): Finding => ({
  verdict: fine ? "ok" : worse,
  fact,
  nextStep: fine ? null : nextStep,
});

/** Collects the checks of one subject; whatever a check throws is its failure. */
export class Examination {
  readonly checks: Check[] = [];
  readonly #about: string;

  constructor(about: string) {
    this.#about = about;
  }

  /** Look at one thing. Gives what was looked up, or null where it failed. */
  async check<T>(name: string, look: () => Promise<readonly [Finding, T]>): Promise<T | null> {
    try {
      const [finding, found] = await look();
      this.checks.push({ about: this.#about, name, ...finding });
      return found;
    } catch (caught) {
      this.checks.push({ about: this.#about, name, ...failureOf(caught) });
      return null;
    }
  }

  /** Look at one thing that nothing else depends on. */
  async look(name: string, look: () => Promise<Finding>): Promise<void> {
    await this.check(name, async () => [await look(), null]);
  }
}

/** A caught error as a finding. */
export function failureOf(caught: unknown): Finding {
  if (caught instanceof KeeperError) return fail(shortOf(caught), caught.nextStep);
  const { shortMessage, nextStep } = decodeError(caught);
  return fail(shortMessage, nextStep);
}

const shortOf = ({ message, nextStep }: KeeperError): string =>
  message.slice(0, message.length - nextStep.length).trim();
