import { isqrt } from "@crosshedge/sdk";
import { amount0Between, amount1Between } from "../model/liquidity-math.js";
import type { BookPool } from "./book.js";

const MILLION = 1_000_000n;

/**
 * The largest amount in that leaves the pool's price within a band of the oracle's, against the liquidity in range.
 *
 * @param band Share of the price, 1.0 = 100%
 */
export function largestSwap(pool: BookPool, oracleSqrt: bigint, zeroForOne: boolean, band: number): bigint {
  const scale = BigInt(Math.round((zeroForOne ? 1 - band : 1 + band) * 1e12));
  const limit = (oracleSqrt * isqrt(scale * 10n ** 12n)) / 10n ** 12n;
  const from = pool.sqrtPriceX96;
  if (zeroForOne ? limit >= from : limit <= from) return 0n;
  const net = zeroForOne
    ? amount0Between(limit, from, pool.poolLiquidity, false)
    : amount1Between(from, limit, pool.poolLiquidity, false);
  return (net * MILLION) / (MILLION - BigInt(pool.fee));
}

/** |pool price / oracle price − 1|. */
export function poolDeviation(pool: BookPool, oracleSqrt: bigint): number {
  const root = Number((pool.sqrtPriceX96 * 10n ** 15n) / oracleSqrt) / 1e15;
  return Math.abs(root * root - 1);
}
