import { KeeperError } from "../../errors.js";
import { scaledMove } from "./liquidation-time.js";

/** What the haircut of one holding is made of. */
export interface HaircutInputs {
  /** Log move down within the liquidation time that is exceeded once in a thousand such times, 0 or more. */
  readonly downMove: number;
  /** How many times the usual liquidation time selling takes, 1 or more: `liquidationTimes`. */
  readonly times?: number;
  /** Half the spread and the impact of selling it, share of its value: `liquidityPremium`. */
  readonly premium: number;
  /** Of a stable, share of its value: `DepegWatch`. */
  readonly depeg?: number;
}

/** What a holding may lose until it is sold, in parts and together, shares of its value. */
export interface Haircut {
  readonly move: number;
  readonly premium: number;
  readonly depeg: number;
  /** Their sum, at most 1. */
  readonly total: number;
}

/**
 * The haircut of a holding as collateral: 1 − exp(−q99.9) + half the spread + impact + depeg add-on, the move over the root of the time that
 * selling takes. Conservative in that the parts add up.
 *
 * @throws KeeperError if a part is negative or not a number
 */
export function haircutOf({ downMove, times = 1, premium, depeg = 0 }: HaircutInputs): Haircut {
  for (const [name, value] of Object.entries({ downMove, premium, depeg })) {
    if (value >= 0) continue;
    throw new KeeperError(`The ${name} of a haircut is ${value}.`, "Give a share of the value, 0 or more.");
  }
  const move = 1 - Math.exp(-scaledMove(downMove, times));
  return { move, premium, depeg, total: Math.min(1, move + premium + depeg) };
}
