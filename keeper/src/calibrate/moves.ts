import { HOURS_A_YEAR } from "../backtest/time.js";
import { KeeperError } from "../errors.js";
import { FilteredMoves } from "../model/margin/filtered-moves.js";
import { logReturns } from "./returns.js";

/** Log moves within so many hours of any hour. */
export interface Moves {
  /** What one window in a thousand exceeds, whatever the volatility when it began. */
  readonly tail: number;
  /** The largest of any window. */
  readonly worst: number;
  /** Probability that a window exceeds a log move. */
  readonly exceedance: (move: number) => number;
  /** Of the hourly prices, a year's, 1.0 = 100%. */
  readonly volatility: number;
}

/** Windows that are exceeded: limits that stand for long. */
const EXCEEDANCE = 0.001;
/** Between these, probabilities are told; beyond them, the nearer one. */
const [LIKELIEST, RAREST, STEPS] = [0.5, 1e-7, 200];

/** The largest moves of hourly prices in one direction, with the tail that the margin model gives them. */
export function movesOf(prices: Float64Array, hours: number, direction: "up" | "down"): Moves {
  const moves = new FilteredMoves({ horizonHours: hours });
  const returns = logReturns(prices).subarray(1);
  for (const move of returns) moves.add(direction === "up" ? move : -move);
  const tail = moves.unconditionalQuantile(EXCEEDANCE);
  if (tail === null) {
    throw new KeeperError(
      `There are only ${moves.windows} stretches of ${hours} h without a gap.`,
      "Give prices with fewer gaps, or a longer history.",
    );
  }
  const known = returns.filter((move) => !Number.isNaN(move));
  const variance = known.reduce((sum, move) => sum + move * move, 0) / known.length;
  return { tail, worst: moves.worst, exceedance: exceedanceOf(moves), volatility: Math.sqrt(variance * HOURS_A_YEAR) };
}

/** The quantiles the other way round, from a table of them, log-linear between its rows. */
function exceedanceOf(moves: FilteredMoves): (move: number) => number {
  const shares = Array.from({ length: STEPS + 1 }, (_, k) => LIKELIEST * (RAREST / LIKELIEST) ** (k / STEPS));
  const sizes = shares.map((share) => moves.unconditionalQuantile(share)!);
  return (move) => {
    const next = sizes.findIndex((size) => size >= move);
    if (next <= 0) return next === 0 ? LIKELIEST : RAREST;
    const along = (move - sizes[next - 1]!) / (sizes[next]! - sizes[next - 1]!);
    return shares[next - 1]! * (shares[next]! / shares[next - 1]!) ** along;
  };
}
