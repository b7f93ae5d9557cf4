import { about, percentText, roundUp } from "./finding.js";
import type { Walk } from "./walk-types.js";

export const DAY_HOURS = 24;
export const FORTNIGHT_HOURS = 14 * DAY_HOURS;

/** A loss that the vault publishes beforehand. */
export interface PublishedLoss {
  /** Share of NAV, as a percentage text. */
  readonly loss: string;
  /** What it was measured on, and what came next to it. */
  readonly basis: string;
}

/** The published worst case: over a day and over a fortnight. */
export interface WorstCase {
  readonly day: PublishedLoss;
  readonly fortnight: PublishedLoss;
}

/** Something that may happen to the vault, and the most that it takes, shares of NAV. What is sudden takes as much in a day as in a fortnight. */
export interface Threat {
  /** Whole, with where the vault stands then. */
  readonly name: string;
  readonly day: number;
  readonly fortnight: number;
}

/** Largest fall of a path from any point to a lower one at most so many steps later, share of the first. */
export function worstLoss(path: readonly number[], steps: number): number {
  let worst = 0;
  path.forEach((from, i) => {
    for (let k = i + 1; k <= i + steps && k < path.length; k++) worst = Math.max(worst, 1 - path[k]! / from);
  });
  return worst;
}

/** The larger of the worst that the walk has seen, no fees earned and costs paid, and the worst of what it has not. */
export function worstCaseOf({ nav }: Walk, threats: readonly Threat[]): WorstCase {
  const published = (steps: number, span: "day" | "fortnight"): PublishedLoss => {
    const seen = worstLoss(nav, steps);
    const days = (nav.length / DAY_HOURS).toFixed(0);
    const walk = `the worst ${span} of ${days} days of prices, ${about(seen)} of NAV, costs paid and no fees earned`;
    const threat = threats.reduce<Threat | null>((a, b) => (a === null || b[span] > a[span] ? b : a), null);
    const unseen = threat === null ? 0 : threat[span];
    const named = threat === null ? "no scenario was tried" : `${threat.name}, ${about(unseen)} of NAV`;
    return {
      loss: percentText(roundUp(Math.max(seen, unseen), 0.001)),
      basis:
        unseen > seen
          ? `${named}; ${walk}, is less`
          : `${walk}; of what was tried on it takes most, and less: ${named}`,
    };
  };
  return { day: published(DAY_HOURS, "day"), fortnight: published(FORTNIGHT_HOURS, "fortnight") };
}
