import { KeeperError } from "../errors.js";
import { FilteredMoves } from "../model/margin/filtered-moves.js";
import { logReturns } from "./returns.js";

/** Log moves within so many hours of any hour. */
export interface Moves {
  /** What one window in a thousand exceeds, whatever the volatility when it began. */
  readonly tail: number;
  /** The largest of any window. */
  readonly worst: number;
}

/** Windows that are exceeded: limits that stand for long. */
const EXCEEDANCE = 0.001;

/** The largest moves of hourly prices in one direction, with the tail that the margin model gives them. */
export function movesOf(prices: Float64Array, hours: number, direction: "up" | "down"): Moves {
  const moves = new FilteredMoves({ horizonHours: hours });
  for (const move of logReturns(prices).subarray(1)) moves.add(direction === "up" ? move : -move);
  const tail = moves.unconditionalQuantile(EXCEEDANCE);
  if (tail === null) {
    throw new KeeperError(
      `There are only ${moves.windows} stretches of ${hours} h without a gap.`,
      "Give prices with fewer gaps, or a longer history.",
    );
  }
  return { tail, worst: moves.worst };
}
