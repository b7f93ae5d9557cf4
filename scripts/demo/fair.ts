import { parseUnits } from "ethers";
import type { Prices } from "../devnet/assets.js";

/** The path's prices of a moment as a snapshot that contracts can measure with, in the asset set's order. */
export function fairPrices({ USDC, ALT, ETH, BTC }: Prices) {
  const mid = [USDC, ALT, ETH, BTC].map((price) => parseUnits(price.toFixed(12), 18));
  return { mid, half: mid.map(() => 0n), ok: true };
}

/** USD 1e18 as a number of dollars: for figures that people read, never for money. */
export const dollars = (usd: bigint): number => Number(usd) / 1e18;
