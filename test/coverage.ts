import type { Reasons } from "../scripts/coverage/judge.js";

/** Least share of the lines of `contracts/` that the tests must run, percent. */
export const LEAST_PERCENT = 98;

/** Titles of tests that bound gas: they fail on instrumented contracts, which count each line. */
export const MEASURING_GAS: readonly string[] = ["costs what the notes say", "costs a deposit less than 40,000 gas"];

const ROUTED =
  "unreachable: the call has ended with the library's answer; the compiler is told that nothing is returned";

/** Why a line is run by no test: by file, then `function: text`. */
export const REASONS: Reasons = {
  "contracts/vault/HedgeVault.sol": { "toNav: revert();": ROUTED },
  "contracts/vault/Redemptions.sol": { "toQueue: revert();": ROUTED, "toQuotes: revert();": ROUTED },
};
