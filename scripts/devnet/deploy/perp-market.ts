import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { MaxUint256, parseEther } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";
import { type Market, PERP_FEE } from "../assets.js";
import type {
  BaseToken,
  PriceFeedDispatcher,
  QuoteToken,
  UniswapV3Factory,
  UniswapV3Pool,
} from "../generated/index.js";
import {
  BaseToken__factory,
  ChainlinkPriceFeedV3__factory,
  PriceFeedDispatcher__factory,
  UniswapV3Pool__factory,
} from "../generated/index.js";
import { toSqrtX96 } from "../math.js";
import { type PerpContracts, seekAddress } from "./perp.js";
import { OBSERVATIONS } from "./uniswap.js";

export interface PerpMarket {
  readonly base: BaseToken;
  readonly pool: UniswapV3Pool;
  readonly dispatcher: PriceFeedDispatcher;
}

/** USD on each side of the maker's liquidity. */
export const PERP_DEPTH_USD = 100_000_000;
const POOL_FEE = 3000;
/** Of the trading fee, what the insurance fund takes. */
const INSURANCE_SHARE = 0.1;
/** The most ticks that the protocol lets a market cross in a block. */
const MAX_TICKS_A_BLOCK = 1000;
/** The index's TWAP, the same as the venue's premium interval, so that its cache serves. */
const TWAP_SECONDS = 900;
const FEED_TIMEOUT_SECONDS = 4800;
/** The maker's range reaches to a hundred times the price and to a hundredth of it. */
const RANGE_TICKS = 46_080;

/** A vToken market over a feed. Its pool needs half an hour of history before anybody may add liquidity. */
export async function deployMarket(
  connection: NetworkConnection,
  deployer: HardhatEthersSigner,
  perp: PerpContracts & { quote: QuoteToken },
  factory: UniswapV3Factory,
  market: Market,
  proxy: string,
  priceUsd: number,
): Promise<PerpMarket> {
  const { quote, clearingHouse, marketRegistry, exchange } = perp;
  const feed = await new ChainlinkPriceFeedV3__factory(deployer).deploy(proxy, FEED_TIMEOUT_SECONDS, TWAP_SECONDS);
  const dispatcher = await new PriceFeedDispatcher__factory(deployer).deploy(feed);
  const quoteAddress = await quote.getAddress();
  await seekAddress(connection, deployer, (address) => address < BigInt(quoteAddress));
  const base = await new BaseToken__factory(deployer).deploy();
  await base.initialize(`v${market}`, `v${market}`, dispatcher);

  await factory.createPool(base, quote, POOL_FEE);
  const pool = UniswapV3Pool__factory.connect(await factory.getPool(base, quote, POOL_FEE), deployer);
  await pool.initialize(toSqrtX96(priceUsd));
  await pool.increaseObservationCardinalityNext(OBSERVATIONS);

  await base.addWhitelist(pool);
  await quote.addWhitelist(pool);
  await base.addWhitelist(clearingHouse);
  await base.mintMaximumTo(clearingHouse);
  await marketRegistry.addPool(base, POOL_FEE);
  await marketRegistry.setFeeRatio(base, PERP_FEE * 1e6);
  await marketRegistry.setInsuranceFundFeeRatio(base, INSURANCE_SHARE * 1e6);
  await exchange.setMaxTickCrossedWithinBlock(base, MAX_TICKS_A_BLOCK);
  return { base, pool, dispatcher };
}

/** The maker's liquidity in a market; he must have deposited. */
export async function addMarketLiquidity(
  perp: PerpContracts,
  maker: HardhatEthersSigner,
  { base, pool }: PerpMarket,
  priceUsd: number,
): Promise<void> {
  const { tick } = await pool.slot0();
  const middle = Math.round(Number(tick) / 60) * 60;
  await perp.clearingHouse.connect(maker).addLiquidity({
    baseToken: await base.getAddress(),
    base: parseEther((PERP_DEPTH_USD / priceUsd).toFixed(9)),
    quote: parseEther(PERP_DEPTH_USD.toString()),
    lowerTick: middle - RANGE_TICKS,
    upperTick: middle + RANGE_TICKS,
    minBase: 0,
    minQuote: 0,
    useTakerBalance: false,
    deadline: MaxUint256,
  });
}
