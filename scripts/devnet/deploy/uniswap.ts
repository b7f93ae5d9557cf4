import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { encodeBytes32String, MaxUint256 } from "ethers";
import { type Asset, DECIMALS, POOL_NAMES, POOLS, type PoolName, type Prices } from "../assets.js";
import type {
  NonfungiblePositionManager,
  QuoterV2,
  SwapRouter,
  UniswapV3Factory,
  UniswapV3Pool,
} from "../generated/index.js";
import {
  NFTDescriptor__factory,
  NonfungiblePositionManager__factory,
  NonfungibleTokenPositionDescriptor__factory,
  QuoterV2__factory,
  SwapRouter__factory,
  UniswapV3Factory__factory,
  UniswapV3Pool__factory,
} from "../generated/index.js";
import { toSqrtX96, usdWorth } from "../math.js";

export interface Uniswap {
  readonly factory: UniswapV3Factory;
  readonly positionManager: NonfungiblePositionManager;
  readonly router: SwapRouter;
  readonly quoter: QuoterV2;
  readonly pools: Record<PoolName, UniswapV3Pool>;
}

/** Observations that each pool keeps: weeks of quarter-hours, or half an hour of a trade every few seconds. */
export const OBSERVATIONS = 400;
/** USD on each side of the background liquidity, over the whole range of prices. */
export const POOL_DEPTH_USD: Record<PoolName, number> = {
  altUsdc: 20_000_000,
  altWeth: 20_000_000,
  wethUsdc: 100_000_000,
  wbtcUsdc: 100_000_000,
};

/** The contracts, without pools. */
export async function deployUniswap(deployer: HardhatEthersSigner, weth: string): Promise<Omit<Uniswap, "pools">> {
  const factory = await new UniswapV3Factory__factory(deployer).deploy();
  const library = await new NFTDescriptor__factory(deployer).deploy();
  const links = { "contracts/libraries/NFTDescriptor.sol:NFTDescriptor": await library.getAddress() };
  const descriptors = new NonfungibleTokenPositionDescriptor__factory(links, deployer);
  const descriptor = await descriptors.deploy(weth, encodeBytes32String("ETH"));
  return {
    factory,
    positionManager: await new NonfungiblePositionManager__factory(deployer).deploy(factory, weth, descriptor),
    router: await new SwapRouter__factory(deployer).deploy(factory, weth),
    quoter: await new QuoterV2__factory(deployer).deploy(factory, weth),
  };
}

/** Two assets in the order of their tokens' addresses. */
export function sorted(assets: readonly [Asset, Asset], token: (asset: Asset) => string): [Asset, Asset] {
  const [a, b] = assets;
  return BigInt(token(a)) < BigInt(token(b)) ? [a, b] : [b, a];
}

/** √price in Q96 of a pool of two assets, at the given USD prices. */
export function poolSqrtX96([asset0, asset1]: readonly [Asset, Asset], prices: Prices): bigint {
  return toSqrtX96((prices[asset0] / prices[asset1]) * 10 ** (DECIMALS[asset1] - DECIMALS[asset0]));
}

/** Create the pools at the given prices, each with room for its observations. */
export async function createPools(
  factory: UniswapV3Factory,
  deployer: HardhatEthersSigner,
  token: (asset: Asset) => string,
  prices: Prices,
): Promise<Record<PoolName, UniswapV3Pool>> {
  const pools: Partial<Record<PoolName, UniswapV3Pool>> = {};
  for (const name of POOL_NAMES) {
    const { assets, fee } = POOLS[name];
    const order = sorted(assets, token);
    await factory.createPool(token(order[0]), token(order[1]), fee);
    const address = await factory.getPool(token(order[0]), token(order[1]), fee);
    const pool = UniswapV3Pool__factory.connect(address, deployer);
    await pool.initialize(poolSqrtX96(order, prices));
    await pool.increaseObservationCardinalityNext(OBSERVATIONS);
    pools[name] = pool;
  }
  return pools as Record<PoolName, UniswapV3Pool>;
}

/** Mint the maker's background liquidity; he must hold and have approved the tokens. */
export async function addPoolLiquidity(
  positionManager: NonfungiblePositionManager,
  maker: HardhatEthersSigner,
  token: (asset: Asset) => string,
  prices: Prices,
): Promise<void> {
  for (const name of POOL_NAMES) {
    const { assets, fee, tickSpacing } = POOLS[name];
    const [asset0, asset1] = sorted(assets, token);
    const edge = Math.floor(887_272 / tickSpacing) * tickSpacing;
    await positionManager.connect(maker).mint({
      token0: token(asset0),
      token1: token(asset1),
      fee,
      tickLower: -edge,
      tickUpper: edge,
      amount0Desired: usdWorth(asset0, POOL_DEPTH_USD[name], prices[asset0]),
      amount1Desired: usdWorth(asset1, POOL_DEPTH_USD[name], prices[asset1]),
      amount0Min: 0,
      amount1Min: 0,
      recipient: maker.address,
      deadline: MaxUint256,
    });
  }
}
