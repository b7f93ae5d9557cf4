import { type CarryTerms, judgeCarry } from "../../../keeper/src/model/carry/carry-rule.js";
import type { CarryOutlook } from "../../../keeper/src/model/carry/outlook.js";
import type { KnownDay } from "./known-days.js";

/** A day that a position decided at the end of the day before may be held on. */
export interface HeldDay {
  readonly day: number;
  /** What a short earns on it after the opportunity, share of the size. */
  readonly earned: number;
  /** What was known before it. */
  readonly outlook: CarryOutlook;
}

/** The days on which a carry position could be held and judged. */
export function heldDays(days: readonly KnownDay[], halfLives: number, opportunity: number): HeldDay[] {
  return days.flatMap(({ outlooks }, i) => {
    const next = days[i + 1];
    if (outlooks === null || next === undefined || next.rate === null || next.day !== days[i]!.day + 1) return [];
    return [{ day: next.day, earned: (next.rate - opportunity) / 365, outlook: outlooks.get(halfLives)! }];
  });
}

/** By day: what a position earned, after half a round trip where it changed; and how often that was. */
export interface Account {
  readonly net: readonly number[];
  readonly changes: number;
}

/** Books what positions bring. */
export function account(days: readonly HeldDay[], held: readonly boolean[], { roundTrip }: CarryTerms): Account {
  let changes = 0;
  const net = days.map(({ earned }, i) => {
    const changed = held[i] !== (held[i - 1] ?? false);
    if (changed) changes++;
    return (held[i] ? earned : 0) - (changed ? roundTrip / 2 : 0);
  });
  return { net, changes };
}

/** The keeper's rule. */
export function byRule(days: readonly HeldDay[], terms: CarryTerms): boolean[] {
  let held = false;
  return days.map(({ outlook }) => {
    const { stance } = judgeCarry(outlook, terms);
    held = stance === "enter" || (held && stance === "hold");
    return held;
  });
}

/** Held whenever the forecast is above the opportunity: no hysteresis. */
export function bySign(days: readonly HeldDay[], { opportunity }: CarryTerms): boolean[] {
  return days.map(({ outlook }) => outlook.rate > opportunity);
}

/** The best positions in hindsight, changes paid for: by dynamic programming. */
export function withForesight(days: readonly HeldDay[], { roundTrip }: CarryTerms): boolean[] {
  const change = roundTrip / 2;
  let [out, inside] = [0, Number.NEGATIVE_INFINITY];
  const cameFrom = days.map(({ earned }) => {
    const toOut = inside - change > out;
    const toInside = inside > out - change;
    [out, inside] = [toOut ? inside - change : out, (toInside ? inside : out - change) + earned];
    return { out: toOut, inside: toInside };
  });
  const held: boolean[] = [];
  let now = inside > out;
  for (let i = days.length - 1; i >= 0; i--) {
    held[i] = now;
    now = now ? cameFrom[i]!.inside : cameFrom[i]!.out;
  }
  return held;
}
