import { boundsOf, type HedgeProgram, inner, smoothObjective, tradingCosts } from "./hedge-program.js";
import type { LimitUse } from "./limit-uses.js";

/** How the objective changes as one position moves, USD per USD: `left` downwards, `right` upwards, both as slopes to the right. */
export interface Slopes {
  readonly left: number;
  readonly right: number;
}

/**
 * One-sided slopes of the objective with the limits' prices in it, the instruments' own limits apart. A position is optimal where zero lies
 * between the two (Karush–Kuhn–Tucker): that is what makes a no-trade region.
 *
 * @param prices By limit use, USD of objective per unit
 */
export function slopesAt(
  program: HedgeProgram,
  hedge: readonly number[],
  uses: readonly LimitUse[],
  prices: readonly number[],
): Slopes[] {
  const { P, q } = smoothObjective(program);
  const costs = tradingCosts(program);
  return program.instruments.map(({ current }, j) => {
    const smooth = inner(P[j]!, hedge) + q[j]!;
    let [left, right] = [smooth, smooth];
    const kink = (price: number, distance: number): void => {
      left += distance > 0 ? price : -price;
      right += distance >= 0 ? price : -price;
    };
    kink(costs[j]!, hedge[j]! - current);
    uses.forEach(({ of, weights, limit }, i) => {
      const price = prices[i]! * weights[j]!;
      if (price === 0 || limit.instrument !== undefined) return;
      if (of === "size") kink(price, hedge[j]!);
      else if (of === "trade") kink(price, hedge[j]! - current);
      else {
        const signed = limit.bound === "upper" ? price : -price;
        left += signed;
        right += signed;
      }
    });
    return { left, right };
  });
}

/** How far a position is from being optimal, USD per USD: what a move that its own limits allow would still gain. */
export function unused(program: HedgeProgram, hedge: readonly number[], slopes: readonly Slopes[]): number[] {
  return program.instruments.map((instrument, j) => {
    if (instrument.fixed) return 0;
    const [lower, upper] = boundsOf(instrument);
    const { left, right } = slopes[j]!;
    const down = hedge[j]! > lower ? Math.max(0, left) : 0;
    const up = hedge[j]! < upper ? Math.max(0, -right) : 0;
    return Math.max(down, up);
  });
}
