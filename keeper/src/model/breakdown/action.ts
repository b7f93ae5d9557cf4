import type { BreakdownState } from "./detector.js";
import type { RegimeBelief } from "./regime-filter.js";

/** Betas are taken to change faster by this factor, for this many seconds from the alarm on. */
const RELEARN_FACTOR = 20;
const RELEARN_SECONDS = 48 * 3600;
/** Margin buffers while alarmed, over the usual. */
const WIDER_MARGIN = 1.5;
/** A relation that is not alarmed is taken to hold. */
const CERTAIN = 1;

/** What an alarm asks of the models and of the plan. It never cuts by itself: the mixture does, from the belief that it passes on. */
export interface BreakdownAction {
  /** For the models of betas, once, in the hour in which an alarm begins; experts begin anew with equal weights. */
  readonly relearn: { readonly factor: number; readonly seconds: number } | null;
  /** Hedge ratios in sum stay at or below those at the alarm: while betas are learned again, and as long as a break is likelier than none. */
  readonly freezeIncreases: boolean;
  /** Factor on the margin buffers. */
  readonly marginBuffer: number;
  /** For the mixture h = Σ p·σ²·β / Σ p·σ², with no beta where the relation is broken. */
  readonly belief: RegimeBelief;
}

/** What the state of a relation asks for. */
export function breakdownAction(state: BreakdownState): BreakdownAction {
  const { alarmed, alarmedAt, time, belief } = state;
  const relearning = alarmed && alarmedAt !== null && time < alarmedAt + RELEARN_SECONDS;
  return {
    relearn: alarmed && alarmedAt === time ? { factor: RELEARN_FACTOR, seconds: RELEARN_SECONDS } : null,
    freezeIncreases: relearning || (alarmed && belief.holds < 0.5),
    marginBuffer: alarmed ? WIDER_MARGIN : 1,
    belief: alarmed ? belief : { ...belief, holds: CERTAIN },
  };
}
