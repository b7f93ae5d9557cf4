import { clamp, min } from "./bigint.js";
import { Q96 } from "./tick-math.js";

/** Token amounts, token units. */
export interface Amounts {
  readonly amount0: bigint;
  readonly amount1: bigint;
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Token0 between two √ratios. */
export function amount0Between(low: bigint, high: bigint, liquidity: bigint, roundUp: boolean): bigint {
  const numerator = (liquidity << 96n) * (high - low);
  return roundUp ? ceilDiv(ceilDiv(numerator, high), low) : numerator / high / low;
}

/** Token1 between two √ratios. */
export function amount1Between(low: bigint, high: bigint, liquidity: bigint, roundUp: boolean): bigint {
  const product = liquidity * (high - low);
  return roundUp ? ceilDiv(product, Q96) : product / Q96;
}

/**
 * What a position holds, at a √price.
 *
 * @param roundUp True for what a mint costs, false for what a burn returns
 */
export function amountsForLiquidity(
  sqrtPrice: bigint,
  sqrtLower: bigint,
  sqrtUpper: bigint,
  liquidity: bigint,
  roundUp: boolean,
): Amounts {
  const at = clamp(sqrtPrice, sqrtLower, sqrtUpper);
  return {
    amount0: amount0Between(at, sqrtUpper, liquidity, roundUp),
    amount1: amount1Between(sqrtLower, at, liquidity, roundUp),
  };
}

/** The greatest liquidity that both amounts pay for. */
export function liquidityForAmounts(sqrtPrice: bigint, sqrtLower: bigint, sqrtUpper: bigint, amounts: Amounts): bigint {
  const at = clamp(sqrtPrice, sqrtLower, sqrtUpper);
  const by0 = at < sqrtUpper ? (amounts.amount0 * at * sqrtUpper) / Q96 / (sqrtUpper - at) : undefined;
  const by1 = at > sqrtLower ? (amounts.amount1 * Q96) / (at - sqrtLower) : undefined;
  if (by0 === undefined) return by1 ?? 0n;
  if (by1 === undefined) return by0;
  return min(by0, by1);
}

/** What one swap does as long as no initialised tick is crossed. */
export interface SwapResult {
  readonly amountOut: bigint;
  readonly sqrtPriceAfter: bigint;
}

/**
 * An exact-input swap against constant liquidity.
 *
 * @param fee The pool's fee, millionths
 */
export function swapExactIn(
  sqrtPrice: bigint,
  liquidity: bigint,
  fee: number,
  zeroForOne: boolean,
  amountIn: bigint,
): SwapResult {
  if (liquidity === 0n || amountIn === 0n) return { amountOut: 0n, sqrtPriceAfter: sqrtPrice };
  const net = (amountIn * BigInt(1_000_000 - fee)) / 1_000_000n;
  if (zeroForOne) {
    const after = ceilDiv((liquidity << 96n) * sqrtPrice, (liquidity << 96n) + net * sqrtPrice);
    return { amountOut: amount1Between(after, sqrtPrice, liquidity, false), sqrtPriceAfter: after };
  }
  const after = sqrtPrice + (net << 96n) / liquidity;
  return { amountOut: amount0Between(sqrtPrice, after, liquidity, false), sqrtPriceAfter: after };
}
