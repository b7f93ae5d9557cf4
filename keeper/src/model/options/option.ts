import { KeeperError } from "../../errors.js";

/** An option, its market or a price of it that means nothing. */
export class OptionError extends KeeperError {}

/** A European option on one unit of its underlying. */
export interface Option {
  readonly kind: "call" | "put";
  /** In units of the price. */
  readonly strike: number;
  /** To expiry, years. */
  readonly time: number;
}

/** What the holder gets at expiry. */
export function payoff({ kind, strike }: Pick<Option, "kind" | "strike">, price: number): number {
  return Math.max(0, kind === "call" ? price - strike : strike - price);
}

/**
 * A positive, finite figure.
 *
 * @throws {@link OptionError} where it is not
 */
export function requirePositive(what: string, value: number): number {
  if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
    throw new OptionError(`The ${what} is ${value}.`, "It must be a finite number above zero.");
  }
  return value;
}

/**
 * A figure that is neither NaN nor infinite.
 *
 * @throws {@link OptionError} where it is
 */
export function requireFinite(what: string, value: number): number {
  if (!Number.isFinite(value)) throw new OptionError(`The ${what} is ${value}.`, "It must be a finite number.");
  return value;
}
