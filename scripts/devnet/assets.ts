/** The assets that have a price: WETH counts as ETH, WBTC as BTC. */
export const ASSETS = ["ETH", "BTC", "ALT", "USDC"] as const;
export type Asset = (typeof ASSETS)[number];
export type Prices = Record<Asset, number>;

/** The assets that have a perp market. */
export const MARKETS = ["ETH", "BTC"] as const;
export type Market = (typeof MARKETS)[number];

/** Each spot pool by its two assets: its price is the first one's, counted in the second. */
export const POOLS = {
  altUsdc: { assets: ["ALT", "USDC"], fee: 3000, tickSpacing: 60 },
  altWeth: { assets: ["ALT", "ETH"], fee: 3000, tickSpacing: 60 },
  wethUsdc: { assets: ["ETH", "USDC"], fee: 500, tickSpacing: 10 },
  wbtcUsdc: { assets: ["BTC", "USDC"], fee: 500, tickSpacing: 10 },
} as const satisfies Record<string, { assets: readonly [Asset, Asset]; fee: number; tickSpacing: number }>;
export type PoolName = keyof typeof POOLS;
export const POOL_NAMES = Object.keys(POOLS) as PoolName[];

export const DECIMALS: Record<Asset, number> = { ETH: 18, BTC: 8, ALT: 18, USDC: 6 };
export const FEED_DECIMALS = 8;

/** The trading fee of a perp market, as a fraction. */
export const PERP_FEE = 0.001;
