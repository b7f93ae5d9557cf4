import { breakEvenFeeApr, relativeLvr } from "../../model/lvr.js";
import type { LpPath } from "../account/lp-path.js";
import { HOURS_A_YEAR } from "../time.js";

/** What an LP position loses that no hedge of its delta saves. Shares of its value a year, over the hours in which it earns fees. */
export interface LiquidityCost {
  /** Realised, of the price in the pool. */
  readonly volatility: number;
  /** Loss versus rebalancing, ½r²P²|V''| summed over the hours. */
  readonly lvr: number;
  /** What the swaps to re-centre the range cost. */
  readonly recentring: number;
  /** The fees that pay for both. */
  readonly breakEvenFeeApr: number;
  /** What the formula asks at the same volatility, for a position that is always in the centre of its range. */
  readonly centredFeeApr: number;
}

/**
 * What a position cost on its path: the loss of each move from the range before it, also over hours whose price is not known.
 *
 * @param factor The range is from P/factor to P·factor
 * @param cost Of one unit of trade
 */
export function liquidityCost(path: LpPath, factor: number, cost: number): LiquidityCost {
  let [lvr, variance, recentring, hours, before] = [0, 0, 0, 0, -1];
  path.price.forEach((price, row) => {
    if (Number.isNaN(price)) return;
    if (before >= 0) {
      hours += 1;
      const move = price / path.price[before]! - 1;
      const range = { liquidity: 1, lower: path.lower[before]!, upper: path.upper[before]! };
      // A volatility of |r| for a year loses in the year what the move loses at once.
      lvr += relativeLvr(range, path.price[before]!, Math.abs(move));
      variance += Math.log1p(move) ** 2;
      recentring += cost * path.swapped[row]!;
    }
    before = row;
  });
  const years = hours / HOURS_A_YEAR;
  const volatility = Math.sqrt(variance / years);
  return {
    volatility,
    lvr: lvr / years,
    recentring: recentring / years,
    breakEvenFeeApr: (lvr + recentring) / years,
    centredFeeApr: breakEvenFeeApr(factor, volatility),
  };
}

/** The mean of each figure. */
export function meanCost(costs: readonly LiquidityCost[]): LiquidityCost {
  const mean = (figure: keyof LiquidityCost): number => costs.reduce((sum, one) => sum + one[figure] / costs.length, 0);
  return {
    volatility: mean("volatility"),
    lvr: mean("lvr"),
    recentring: mean("recentring"),
    breakEvenFeeApr: mean("breakEvenFeeApr"),
    centredFeeApr: mean("centredFeeApr"),
  };
}
