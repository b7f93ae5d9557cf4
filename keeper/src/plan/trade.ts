import { abs } from "../model/bigint.js";
import { liquidityPremium } from "../model/collateral/liquidity-premium.js";

const ONE = 10n ** 18n;

/** What a venue asks for a trade now. Figures 1e18: price in USD, fee as a share, depth in base tokens. */
export interface Quote {
  readonly price: bigint;
  readonly fee: bigint;
  readonly depth: bigint;
}

/**
 * Money that a trade brings (positive) or takes (negative), fee and impact included, against the quote's depth as a constant product.
 *
 * @param size Base tokens, 1e18, signed: negative sells
 * @returns USD 1e18; null where the market is too thin for it
 */
export function tradeMoney({ price, fee, depth }: Quote, size: bigint): bigint | null {
  const base = abs(size);
  const notional = (base * price) / ONE;
  if (size <= 0n) return (((notional * depth) / (depth + base)) * (ONE - fee)) / ONE;
  if (depth <= 2n * base) return null;
  const beforeFee = (notional * depth) / (depth - base);
  return -(beforeFee + (beforeFee * fee) / ONE);
}

/** Fee and impact of a trade, USD 1e18; the whole notional where the market is too thin. */
export function tradeCost(quote: Quote, size: bigint): bigint {
  const atPrice = (-size * quote.price) / ONE;
  const money = tradeMoney(quote, size);
  return money === null ? abs(atPrice) : atPrice - money;
}

/** Fee and impact as a share of the notional of a trade of some dollars, 1.0 = 100%. */
export function costShare(quote: Quote, usd: number): number {
  const price = Number(quote.price) / 1e18;
  const base = usd / price;
  return liquidityPremium({ fee: Number(quote.fee) / 1e18, depth: Number(quote.depth) / 1e18 }, base);
}

/** The most base tokens, 1e18, that a buy or a sale can be whose impact stays within a share of its notional. */
export function largestTrade({ depth }: Quote, maxImpact: number): bigint {
  return (depth * BigInt(Math.round((maxImpact / (1 + maxImpact)) * 1e9))) / 1_000_000_000n;
}
