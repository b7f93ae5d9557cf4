import type { Option } from "./option.js";

/** What an option can be traded at, in the price's own units per unit of the underlying. */
export interface OptionQuote extends Option {
  /** For the reasons. */
  readonly name: string;
  /** Zero where nobody bids. */
  readonly bid: number;
  readonly ask: number;
}

/** Why a quote is not used. */
export interface RefusedQuote {
  readonly quote: OptionQuote;
  readonly why: "bounds" | "crossed" | "parity" | "vertical" | "butterfly" | "calendar";
  readonly reason: string;
}

/** The option's name where nobody gave it one: "put 1800, 30 days". */
export function optionName({ kind, strike, time }: Option): string {
  return `${kind} ${Number(strike.toPrecision(8))}, ${Number((time * 365).toPrecision(6))} days`;
}
