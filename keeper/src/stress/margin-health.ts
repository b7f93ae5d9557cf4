import type { VaultState } from "@crosshedge/sdk";
import type { Book } from "../plan/book.js";
import { accountOf } from "../plan/hedge-account.js";

/** What a hedge leg's venue liquidates by. */
export interface LegTerms {
  readonly leg: string;
  readonly venue: string;
  /** Margin over notional below which it liquidates, 1.0 = 100%. */
  readonly maintenance: number;
  /** False where the venue does not tell, and another figure was taken. */
  readonly told: boolean;
}

/** A hedge leg's margin at some prices. */
export interface MarginHealth {
  /** What the venue holds against the requirement, over notional, 1.0 = 100%; null where there is no position. */
  readonly ratio: number | null;
  readonly liquidated: boolean;
}

/** The terms of a vault's hedge legs; `otherwise` where a venue does not tell. */
export function legTerms({ legs }: VaultState, otherwise: number): LegTerms[] {
  return legs.flatMap((leg) => {
    if (leg.kind !== "hedge") return [];
    const told = leg.maintenanceRatio !== null;
    const maintenance = told ? Number(leg.maintenanceRatio) / 1e18 : otherwise;
    return [{ leg: leg.address, venue: leg.venue, maintenance, told }];
  });
}

/** A leg's margin at the book's prices. */
export function marginHealth(book: Book, { leg, maintenance }: LegTerms): MarginHealth {
  const { backing, notional } = accountOf(book.prices, book.hedges[leg]!);
  if (notional === 0n) return { ratio: null, liquidated: false };
  const ratio = Number(backing) / Number(notional);
  return { ratio, liquidated: ratio < maintenance };
}
