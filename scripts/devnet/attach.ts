import type { Deployment } from "@crosshedge/sdk";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkConnection } from "hardhat/types/network";
import { UsageError } from "../errors.js";
import { ASSETS, type Asset, MARKETS, type Market, POOL_NAMES, type PoolName } from "./assets.js";
import type { Aave } from "./deploy/aave.js";
import type { Feed } from "./deploy/feeds.js";
import type { PerpMarket } from "./deploy/perp-market.js";
import { linkKey } from "./deployment.js";
import * as published from "./generated/index.js";
import { MarketMover__factory, MockMulticall3__factory, TestToken__factory } from "./generated/own/index.js";
import { worldSigners } from "./signers.js";
import type { World } from "./world.js";

async function mapKeys<K extends string, V>(
  keys: readonly K[],
  make: (key: K) => V | Promise<V>,
): Promise<Record<K, V>> {
  const entries = await Promise.all(keys.map(async (key) => [key, await make(key)] as const));
  return Object.fromEntries(entries) as Record<K, V>;
}

/** The world at known addresses: of a fork, or of a devnet that somebody else started. */
export async function attachWorld(connection: NetworkConnection, deployment: Deployment): Promise<World> {
  const { ethers, networkHelpers, provider } = connection;
  const { altSymbol, uniswap, perp, feeds } = deployment;
  const code = await provider.request({ method: "eth_getCode", params: [perp.clearingHouse, "latest"] });
  if (code === "0x") {
    throw new UsageError(
      `There is no contract at ${perp.clearingHouse}, where the deployment has its clearing house.`,
      "Check that the addresses belong to this chain, and that a pinned block is not too old.",
    );
  }
  const signers = await worldSigners(ethers);
  const { deployer } = signers;
  const tokenAt = (symbol: string) => deployment.tokens[symbol] ?? ethers.ZeroAddress;
  const { marketMover } = deployment;
  return {
    connection,
    ethers,
    networkHelpers,
    altSymbol,
    signers,
    deployment,
    tokens: {
      USDC: TestToken__factory.connect(tokenAt("USDC"), deployer),
      WBTC: TestToken__factory.connect(tokenAt("WBTC"), deployer),
      ALT: TestToken__factory.connect(tokenAt(altSymbol), deployer),
      WETH: published.WETH9__factory.connect(tokenAt("WETH"), deployer),
      LINK: published.LinkToken__factory.connect(tokenAt(linkKey(altSymbol)), deployer),
    },
    feeds: await mapKeys<Asset, Feed>(ASSETS, async (asset) => {
      const proxy = published.EACAggregatorProxy__factory.connect(feeds[asset], deployer);
      return { proxy, aggregator: published.FluxAggregator__factory.connect(await proxy.aggregator(), deployer) };
    }),
    uniswap: {
      factory: published.UniswapV3Factory__factory.connect(uniswap.factory, deployer),
      positionManager: published.NonfungiblePositionManager__factory.connect(uniswap.positionManager, deployer),
      router: published.SwapRouter__factory.connect(uniswap.router, deployer),
      quoter: published.QuoterV2__factory.connect(uniswap.quoter, deployer),
      pools: await mapKeys<PoolName, published.UniswapV3Pool>(POOL_NAMES, (name) =>
        published.UniswapV3Pool__factory.connect(uniswap.pools[name], deployer),
      ),
    },
    perp: {
      clearingHouse: published.ClearingHouse__factory.connect(perp.clearingHouse, deployer),
      clearingHouseConfig: published.ClearingHouseConfig__factory.connect(perp.clearingHouseConfig, deployer),
      accountBalance: published.AccountBalance__factory.connect(perp.accountBalance, deployer),
      vault: published.Vault__factory.connect(perp.vault, deployer),
      exchange: published.Exchange__factory.connect(perp.exchange, deployer),
      orderBook: published.OrderBook__factory.connect(perp.orderBook, deployer),
      marketRegistry: published.MarketRegistry__factory.connect(perp.marketRegistry, deployer),
      insuranceFund: published.InsuranceFund__factory.connect(perp.insuranceFund, deployer),
      collateralManager: published.CollateralManager__factory.connect(perp.collateralManager, deployer),
      markets: await mapKeys<Market, PerpMarket>(MARKETS, (market) => {
        const { base, pool, dispatcher } = perp.markets[market];
        return {
          base: published.BaseToken__factory.connect(base, deployer),
          pool: published.UniswapV3Pool__factory.connect(pool, deployer),
          dispatcher: published.PriceFeedDispatcher__factory.connect(dispatcher, deployer),
        };
      }),
    },
    aave: deployment.aave && (await attachAave(deployment.aave, deployer)),
    multicall: MockMulticall3__factory.connect(deployment.multicall, deployer),
    mover: marketMover === undefined ? undefined : MarketMover__factory.connect(marketMover, signers.arbitrageur),
  };
}

async function attachAave(
  { pool, addressesProvider, dataProvider }: NonNullable<Deployment["aave"]>,
  deployer: HardhatEthersSigner,
): Promise<Aave> {
  const provider = published.PoolAddressesProvider__factory.connect(addressesProvider, deployer);
  return {
    pool: published.Pool__factory.connect(pool, deployer),
    addressesProvider: provider,
    dataProvider: published.AaveProtocolDataProvider__factory.connect(dataProvider, deployer),
    configurator: published.PoolConfigurator__factory.connect(await provider.getPoolConfigurator(), deployer),
    oracle: published.AaveOracle__factory.connect(await provider.getPriceOracle(), deployer),
  };
}
