import { floorToSpacing, MAX_TICK, MIN_TICK, tickAtSqrtRatio } from "../model/tick-math.js";

/** Ticks of a position. */
export interface TickRange {
  readonly tickLower: number;
  readonly tickUpper: number;
}

const TICK_BASE = Math.log(1.0001);

/**
 * The range from price/factor to price·factor around a √price, on the pool's tick spacing, each edge at the nearest multiple.
 *
 * @param minWidth Ticks that it is wide at least
 */
export function rangeAround(sqrtPrice: bigint, factor: number, spacing: number, minWidth = 0): TickRange {
  const centre = tickAtSqrtRatio(sqrtPrice);
  const reach = Math.max(Math.log(factor) / TICK_BASE, (minWidth + spacing) / 2);
  const lowest = floorToSpacing(MIN_TICK + spacing - 1, spacing);
  const highest = floorToSpacing(MAX_TICK, spacing);
  const tickLower = Math.max(floorToSpacing(Math.round(centre - reach + spacing / 2), spacing), lowest);
  const tickUpper = Math.min(floorToSpacing(Math.round(centre + reach + spacing / 2), spacing), highest);
  return { tickLower, tickUpper: Math.max(tickUpper, tickLower + spacing) };
}

/** How far a √price stands from a range's centre: 0 in the middle, 1 at an edge, more outside. */
export function edgeDistance(sqrtPrice: bigint, { tickLower, tickUpper }: TickRange): number {
  const tick = tickAtSqrtRatio(sqrtPrice);
  return Math.abs(2 * tick - tickLower - tickUpper) / (tickUpper - tickLower);
}
