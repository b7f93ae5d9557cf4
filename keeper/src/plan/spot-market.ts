import type { SpotMarket } from "../model/collateral/liquidity-premium.js";
import { type Book, oracleSqrtPrice, worth } from "./book.js";
import { largestSwap } from "./swap-size.js";

const usd = (value: bigint): number => Number(value) / 1e18;

/**
 * The deepest of the vault's pools that sells an asset for the settlement token, its depth the virtual reserve in USD; null where none does.
 */
export function spotMarket(book: Book, asset: number): SpotMarket | null {
  const markets = sellingPools(book, asset).map((pool): SpotMarket => {
    const root = oracleSqrtPrice(book, pool.indices);
    const reserve = pool.indices[0] === asset ? (pool.poolLiquidity << 96n) / root : (pool.poolLiquidity * root) >> 96n;
    return { fee: pool.fee / 1e6, depth: usd(worth(book, asset, reserve)) };
  });
  return markets.reduce<SpotMarket | null>((best, one) => (best === null || one.depth > best.depth ? one : best), null);
}

/** USD of an asset that the vault's pools can take now without leaving a band around the oracle's price. */
export function sellableNow(book: Book, asset: number, band: number): number {
  return sellingPools(book, asset).reduce((sum, pool) => {
    const most = largestSwap(pool, oracleSqrtPrice(book, pool.indices), pool.indices[0] === asset, band);
    return sum + usd(worth(book, asset, most));
  }, 0);
}

function sellingPools(book: Book, asset: number) {
  if (asset === book.settlement) return [];
  return Object.values(book.pools).filter(
    ({ indices, poolLiquidity }) => indices.includes(asset) && indices.includes(book.settlement) && poolLiquidity > 0n,
  );
}
