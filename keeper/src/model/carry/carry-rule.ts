import { CONFIRMING_DAYS } from "./carry-coefficients.js";
import type { CarryOutlook } from "./outlook.js";

const DAYS_A_YEAR = 365;

/** What a carry position costs. Shares of its size. */
export interface CarryTerms {
  /** Entering and leaving, both legs. */
  readonly roundTrip: number;
  /** What the money tied up in it must earn or would lose, a year. */
  readonly opportunity: number;
  /** Standard deviations by which the forecast is taken to be too high, for an entry. */
  readonly caution: number;
}

/** What a rule says of a position: take it or more of it, keep what is there, give it up. */
export type CarryStance = "enter" | "hold" | "leave";

/** A stance, and what it is decided by. */
export interface CarryVerdict {
  readonly stance: CarryStance;
  /** Expected gain over the holding time before the round trip, after opportunity and caution, share of the size. */
  readonly gain: number;
}

/**
 * Whether a short that is hedged with its own asset pays for itself: enter while E[Σf] − z·sd − opportunity over the holding time is more than a round
 * trip, leave when shorts have paid for some days and what is still to be paid, E[Σf] − opportunity, is more than a round trip too. In between
 * what is there stays: leaving and coming back would cost more than waiting.
 */
export function judgeCarry(outlook: CarryOutlook, { roundTrip, opportunity, caution }: CarryTerms): CarryVerdict {
  const years = outlook.holdingDays / DAYS_A_YEAR;
  const expected = years * (outlook.rate - opportunity);
  const gain = expected - years * caution * outlook.deviation;
  if (gain > roundTrip) return { stance: "enter", gain };
  const confirmed = outlook.negativeDays >= CONFIRMING_DAYS;
  return { stance: confirmed && expected < -roundTrip ? "leave" : "hold", gain };
}
