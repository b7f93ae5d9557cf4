import type { Deployment } from "@crosshedge/sdk";
import { ASSETS, type Asset, MARKETS, type Market, POOL_NAMES, type PoolName } from "./assets.js";
import { linkKey } from "./deployment.js";
import type { World } from "./world.js";

type Addressed = { getAddress(): Promise<string> };

async function addressesOf<K extends string>(
  keys: readonly K[],
  of: (key: K) => Addressed,
): Promise<Record<K, string>> {
  const entries = await Promise.all(keys.map(async (key) => [key, await of(key).getAddress()] as const));
  return Object.fromEntries(entries) as Record<K, string>;
}

/** The addresses of a world as plain JSON. */
export async function describeDeployment(world: Omit<World, "deployment">): Promise<Deployment> {
  const { tokens, feeds, uniswap, perp, aave, altSymbol } = world;
  const { chainId } = await world.ethers.provider.getNetwork();
  const { markets, ...contracts } = perp;
  const marketEntries = await Promise.all(
    MARKETS.map(async (market) => {
      const { base, pool, dispatcher } = markets[market];
      const parts = { base, pool, dispatcher };
      return [market, await addressesOf(["base", "pool", "dispatcher"] as const, (part) => parts[part])] as const;
    }),
  );
  const symbols = await addressesOf(["USDC", "WBTC", "WETH"] as const, (symbol) => tokens[symbol]);
  return {
    chainId: Number(chainId),
    altSymbol,
    tokens: {
      ...symbols,
      [altSymbol]: await tokens.ALT.getAddress(),
      [linkKey(altSymbol)]: await tokens.LINK.getAddress(),
    },
    feeds: await addressesOf<Asset>(ASSETS, (asset) => feeds[asset].proxy),
    uniswap: {
      ...(await addressesOf(["factory", "positionManager", "router", "quoter"] as const, (name) => uniswap[name])),
      pools: await addressesOf<PoolName>(POOL_NAMES, (name) => uniswap.pools[name]),
    },
    perp: {
      ...(await addressesOf(
        [
          "clearingHouse",
          "clearingHouseConfig",
          "accountBalance",
          "vault",
          "exchange",
          "orderBook",
          "marketRegistry",
          "insuranceFund",
          "collateralManager",
        ] as const,
        (name) => contracts[name],
      )),
      markets: Object.fromEntries(marketEntries) as Record<Market, { base: string; pool: string; dispatcher: string }>,
    },
    ...(aave && {
      aave: await addressesOf(["pool", "addressesProvider", "dataProvider"] as const, (name) => aave[name]),
    }),
    multicall: await world.multicall.getAddress(),
    ...(world.mover === undefined ? {} : { marketMover: await world.mover.getAddress() }),
  };
}
