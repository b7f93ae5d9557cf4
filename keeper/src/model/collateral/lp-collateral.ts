import { type LiquidityRange, pairGreeks } from "../lp-greeks.js";
import type { Haircut } from "./haircut.js";
import { scaledMove } from "./liquidation-time.js";

/** How one token of a pair may fall before a withdrawn position is sold, and what selling it costs. */
export interface TokenStress {
  /** As of a haircut, log move. A stable's is that of its depeg add-on. */
  readonly downMove: number;
  readonly premium: number;
}

/**
 * A liquidity position as collateral: what it is worth where both tokens have fallen, V(P(1−s)), less selling what it holds there. The value
 * rises with either price, so that this is the least of the box. The fall lasts for the liquidation time and the withdrawal before it.
 *
 * @param price0 USD
 * @param price1 USD
 * @param latency Withdrawal over liquidation time, 0 or more
 * @returns Shares of the value now; `depeg` is in the move
 */
export function lpHaircut(
  range: LiquidityRange,
  price0: number,
  price1: number,
  stress: readonly [TokenStress, TokenStress],
  latency: number,
): Haircut {
  const [low0, low1] = [price0, price1].map((price, side) => {
    return price * Math.exp(-scaledMove(stress[side as 0 | 1].downMove, 1 + latency));
  }) as [number, number];
  const { value } = pairGreeks(range, price0, price1);
  const stressed = pairGreeks(range, low0, low1);
  const selling = stressed.gradient[0] * low0 * stress[0].premium + stressed.gradient[1] * low1 * stress[1].premium;
  const move = 1 - stressed.value / value;
  const premium = selling / value;
  return { move, premium, depeg: 0, total: Math.min(1, move + premium) };
}
