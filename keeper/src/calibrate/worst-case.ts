import { about, percentText, roundUp } from "./finding.js";
import type { Walk } from "./walk-types.js";

const DAY_HOURS = 24;
const FORTNIGHT_HOURS = 14 * DAY_HOURS;

/** A loss that the vault publishes beforehand. */
export interface PublishedLoss {
  /** Share of NAV, as a percentage text. */
  readonly loss: string;
  /** What it was measured on. */
  readonly basis: string;
}

/** The published worst case: over a day and over a fortnight. */
export interface WorstCase {
  readonly day: PublishedLoss;
  readonly fortnight: PublishedLoss;
}

/** Largest fall of a path from any point to a lower one at most so many steps later, share of the first. */
export function worstLoss(path: readonly number[], steps: number): number {
  let worst = 0;
  path.forEach((from, i) => {
    for (let k = i + 1; k <= i + steps && k < path.length; k++) worst = Math.max(worst, 1 - path[k]! / from);
  });
  return worst;
}

/** The worst day and fortnight of the walk, no fees earned, costs paid: the first entry of a published worst case, which scenarios may widen. */
export function worstOfWalk({ nav }: Walk): WorstCase {
  const published = (steps: number, span: string): PublishedLoss => {
    const worst = worstLoss(nav, steps);
    return {
      loss: percentText(roundUp(worst, 0.001)),
      basis: `the worst ${span} of ${(nav.length / DAY_HOURS).toFixed(0)} days of prices, ${about(worst)} of NAV, costs paid and no fees earned`,
    };
  };
  return { day: published(DAY_HOURS, "day"), fortnight: published(FORTNIGHT_HOURS, "fortnight") };
}
