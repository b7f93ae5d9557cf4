import type { Deployment } from "@crosshedge/sdk";
import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { MaxUint256 } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { UsageError } from "../errors.js";
import { type Asset, DECIMALS, MARKETS, type Market, type Prices } from "./assets.js";
import { type Aave, addLendingLiquidity, deployAave, LENDING_DEPTH_USD } from "./deploy/aave.js";
import { deployFeeds, type Feeds } from "./deploy/feeds.js";
import { deployMover } from "./deploy/mover.js";
import { deployPerp, type PerpContracts } from "./deploy/perp.js";
import { addMarketLiquidity, deployMarket, PERP_DEPTH_USD, type PerpMarket } from "./deploy/perp-market.js";
import { deployTokens, type Tokens } from "./deploy/tokens.js";
import { addPoolLiquidity, createPools, deployUniswap, POOL_DEPTH_USD, type Uniswap } from "./deploy/uniswap.js";
import { describeDeployment } from "./describe.js";
import type { MarketMover, MockMulticall3 } from "./generated/own/index.js";
import { MockMulticall3__factory } from "./generated/own/index.js";
import { usdWorth } from "./math.js";
import { type Signers, worldSigners } from "./signers.js";
import { latestTime, setNextTime } from "./time.js";
import { reportRounds } from "./venues.js";

export { attachWorld } from "./attach.js";
export { fund } from "./fund.js";
export { movePerp, movePool, setFeed } from "./venues.js";

/** The protocols on one chain, the accounts that use them, and the contract that plays the rest of the market. */
export interface World {
  readonly connection: NetworkConnection;
  readonly ethers: HardhatEthers;
  readonly networkHelpers: NetworkConnection["networkHelpers"];
  readonly altSymbol: string;
  readonly signers: Signers;
  readonly tokens: Tokens;
  readonly feeds: Feeds;
  readonly uniswap: Uniswap;
  readonly perp: PerpContracts & { readonly markets: Record<Market, PerpMarket> };
  /** Absent where the chain is not ours and has none. */
  readonly aave: Aave | undefined;
  readonly multicall: MockMulticall3;
  /** Absent where the chain is not ours, as on a fork of a public one: there, prices cannot be moved. */
  readonly mover: MarketMover | undefined;
  readonly deployment: Deployment;
}

export interface WorldOptions {
  /** The freely named token of the pools; default "ALT". */
  alt?: string;
  prices: Prices;
  /** When the world is ready, in unix seconds; it is deployed in the hours before. Default 2024-01-01, or now if later. */
  startTime?: number;
}

export const DEFAULT_ALT = "ALT";
export const DEFAULT_START = Date.UTC(2024, 0, 1) / 1000;
/** Chain time that deploying takes: the perp pools must be half an hour old before they take liquidity. */
const DEPLOY_SECONDS = 7200;
const HISTORY_SECONDS = 1860;
const RESERVED = ["USDC", "WBTC", "WETH", "ETH", "BTC"];
/** Enough to be the other side of every trade, and of every settlement. */
const MAKER_USDC = 10n ** 18n;

/**
 * Deploy everything at the given prices; at its end chain time is `startTime` and every feed has just reported.
 *
 * @param connection a fresh simulated network, or JSON-RPC to one
 */
export async function deployWorld(connection: NetworkConnection, options: WorldOptions): Promise<World> {
  const { prices, alt = DEFAULT_ALT } = options;
  if (!/^[A-Za-z0-9.]{1,11}$/.test(alt) || RESERVED.includes(alt)) {
    throw new UsageError(
      `"${alt}" cannot name the ALT token.`,
      `Use 1 to 11 letters and digits, not ${RESERVED.join(", ")}.`,
    );
  }
  const startTime = await begin(connection, options.startTime);
  const { ethers, networkHelpers } = connection;
  const signers = await worldSigners(ethers);
  const { deployer, feedOwner, maker } = signers;

  const tokens = await deployTokens(deployer, alt);
  const tokenOf: Record<Asset, string> = {
    ETH: await tokens.WETH.getAddress(),
    BTC: await tokens.WBTC.getAddress(),
    ALT: await tokens.ALT.getAddress(),
    USDC: await tokens.USDC.getAddress(),
  };
  const token = (asset: Asset) => tokenOf[asset];
  const feeds = await deployFeeds(deployer, feedOwner, await tokens.LINK.getAddress(), alt, prices);
  const uniswap = await deployUniswap(deployer, token("ETH"));
  const pools = await createPools(uniswap.factory, deployer, token, prices);
  const uniswapFactory = await uniswap.factory.getAddress();
  const perp = await deployPerp(connection, deployer, { usdc: token("USDC"), weth: token("ETH"), uniswapFactory });
  const markets: Partial<Record<Market, PerpMarket>> = {};
  for (const market of MARKETS) {
    const proxy = await feeds[market].proxy.getAddress();
    markets[market] = await deployMarket(connection, deployer, perp, uniswap.factory, market, proxy, prices[market]);
  }
  const multicall = await new MockMulticall3__factory(deployer).deploy();
  const mover = await deployMover(connection, signers, { tokens, feeds, perp });

  await supplyMaker(connection, maker, tokens, perp, uniswap, prices);
  await setNextTime(connection, (await latestTime(connection)) + HISTORY_SECONDS);
  await perp.vault.connect(maker).deposit(tokens.USDC, MAKER_USDC);
  for (const market of Object.values(markets)) {
    const asset = market === markets.ETH ? "ETH" : "BTC";
    await addMarketLiquidity(perp, maker, market, prices[asset]);
  }
  await addPoolLiquidity(uniswap.positionManager, maker, token, prices);
  const aave = await deployAave(deployer, token, feeds);
  await lend(aave, maker, tokens, token, prices);

  const parts = {
    connection,
    ethers,
    networkHelpers,
    altSymbol: alt,
    signers,
    tokens,
    feeds,
    uniswap: { ...uniswap, pools },
    perp: { ...perp, markets: markets as Record<Market, PerpMarket> },
    aave,
    multicall,
    mover,
  };
  const world: World = { ...parts, deployment: await describeDeployment(parts) };
  await reportRounds(world, prices, startTime);
  return world;
}

/** Set the clock to before the start, and give the time at which the world shall be ready. */
async function begin(connection: NetworkConnection, startTime: number | undefined): Promise<number> {
  const now = await latestTime(connection);
  const start = startTime ?? Math.max(DEFAULT_START, Math.ceil((now + DEPLOY_SECONDS) / 3600) * 3600);
  if (start - DEPLOY_SECONDS <= now) {
    throw new UsageError(
      `The chain's clock is at ${new Date(now * 1000).toISOString()}: no world can be ready at ${new Date(start * 1000).toISOString()}.`,
      "Start two hours later, or use a network with an earlier initialDate.",
    );
  }
  await setNextTime(connection, start - DEPLOY_SECONDS);
  return start;
}

/** Give the maker the tokens of his liquidity, with room for rounding, and let the venues take them. */
async function supplyMaker(
  connection: NetworkConnection,
  maker: HardhatEthersSigner,
  tokens: Tokens,
  perp: PerpContracts,
  { positionManager }: Omit<Uniswap, "pools">,
  prices: Prices,
): Promise<void> {
  const depth = LENDING_DEPTH_USD + 2 * Object.values(POOL_DEPTH_USD).reduce((sum, usd) => sum + usd, PERP_DEPTH_USD);
  const weth = usdWorth("ETH", depth, prices.ETH);
  await tokens.USDC.mint(maker.address, MAKER_USDC + BigInt(depth) * 10n ** BigInt(DECIMALS.USDC));
  await tokens.ALT.mint(maker.address, usdWorth("ALT", depth, prices.ALT));
  await tokens.WBTC.mint(maker.address, usdWorth("BTC", depth, prices.BTC));
  await connection.networkHelpers.setBalance(maker.address, 2n * weth + 10n ** 22n);
  await tokens.WETH.connect(maker).deposit({ value: weth });
  await tokens.USDC.connect(maker).approve(perp.vault, MaxUint256);
  for (const held of [tokens.USDC, tokens.ALT, tokens.WBTC, tokens.WETH]) {
    await held.connect(maker).approve(positionManager, MaxUint256);
  }
}

async function lend(
  aave: Aave,
  maker: HardhatEthersSigner,
  tokens: Tokens,
  token: (asset: Asset) => string,
  prices: Prices,
): Promise<void> {
  for (const held of [tokens.USDC, tokens.ALT, tokens.WBTC, tokens.WETH]) {
    await held.connect(maker).approve(aave.pool, MaxUint256);
  }
  await addLendingLiquidity(aave, maker, token, prices);
}
