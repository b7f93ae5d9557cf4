import { KeeperError } from "../../errors.js";

/** A short, and the move that its margin must bear. */
export interface ShortAtRisk {
  /** USD, positive. */
  readonly notional: number;
  /** Upward log move. */
  readonly move: number;
  /** Cost of closing, share of the notional. */
  readonly addOn: number;
}

/**
 * Own capital that a short needs to be above maintenance after a move, over its notional now: e^q·(1 + μ) − 1 and the cost of closing.
 *
 * @param maintenance μ, the ratio of capital to notional at which the venue liquidates
 * @throws KeeperError if a figure is negative or not finite
 */
export function requiredMargin({ move, addOn }: Omit<ShortAtRisk, "notional">, maintenance: number): number {
  if (![move, addOn, maintenance].every((value) => Number.isFinite(value) && value >= 0)) {
    throw new KeeperError(
      `A move of ${move} with ${addOn} of cost and maintenance ${maintenance}.`,
      "Give finite figures, none negative.",
    );
  }
  return Math.expm1(move) * (1 + maintenance) + maintenance + addOn;
}

/**
 * The same of an account of several shorts, over their notional: the sum of what each needs. So all of them are taken to make their moves
 * together, which is more than the account's own quantile unless they are one asset, or what correlates with one.
 *
 * @returns null without shorts
 */
export function requiredAccountMargin(shorts: readonly ShortAtRisk[], maintenance: number): number | null {
  const notional = shorts.reduce((sum, short) => sum + short.notional, 0);
  if (!(notional > 0)) return null;
  return shorts.reduce((sum, short) => sum + (short.notional / notional) * requiredMargin(short, maintenance), 0);
}
