import type { OptionRows } from "./option-rows.js";
import type { HedgeInstrument, HedgeProgram } from "./program/hedge-program.js";
import type { HedgeSolution } from "./program/hedge-solution.js";
import { InfeasibleHedgeError } from "./program/infeasible.js";
import { solveHedgeProgram } from "./program/solve-hedge-program.js";
import type { OptionMarket } from "./situation.js";

/** Where an option shall go. */
export interface OptionTarget extends OptionMarket {
  /** USD of its value, never negative. */
  readonly target: number;
}

/** The best hedge with limits on gamma and vega; without them, and why, where the other limits leave no room for them. */
export function solveWithin(
  program: HedgeProgram,
  limits: OptionRows["limits"],
): { readonly solution: HedgeSolution; readonly notes: readonly string[] } {
  try {
    return { solution: solveHedgeProgram({ ...program, limits: { ...program.limits, ...limits } }), notes: [] };
  } catch (error) {
    const sensitive = (one: InfeasibleHedgeError): boolean =>
      one.limits.some(({ kind }) => kind === "gamma" || kind === "vega");
    if (!(error instanceof InfeasibleHedgeError && sensitive(error))) throw error;
    return { solution: solveHedgeProgram(program), notes: [`gamma and vega are not limited now: ${error.message}`] };
  }
}

/** What shall change, in words. */
export function describeOptions(options: readonly OptionTarget[], instruments: readonly HedgeInstrument[]): string[] {
  return options.flatMap(({ name, target }, index) => {
    const { current } = instruments[index]!;
    return target === current ? [] : [`$${target.toFixed(0)} of ${name} wanted, $${current.toFixed(0)} held`];
  });
}
