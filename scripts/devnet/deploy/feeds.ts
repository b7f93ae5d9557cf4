import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ASSETS, type Asset, FEED_DECIMALS, type Prices } from "../assets.js";
import type { EACAggregatorProxy, FluxAggregator } from "../generated/index.js";
import { EACAggregatorProxy__factory, FluxAggregator__factory } from "../generated/index.js";
import { toAnswer } from "../math.js";

export interface Feed {
  readonly aggregator: FluxAggregator;
  readonly proxy: EACAggregatorProxy;
}
export type Feeds = Record<Asset, Feed>;

const ZERO = "0x0000000000000000000000000000000000000000";
const MAX_ANSWER = 10n ** 18n;

async function deployFeed(
  deployer: HardhatEthersSigner,
  feedOwner: HardhatEthersSigner,
  link: string,
  description: string,
  priceUsd: number,
): Promise<Feed> {
  const factory = new FluxAggregator__factory(deployer);
  const aggregator = await factory.deploy(link, 0, 0, ZERO, 1, MAX_ANSWER, FEED_DECIMALS, description);
  await aggregator.changeOracles([], [feedOwner.address], [feedOwner.address], 1, 1, 0);
  await aggregator.connect(feedOwner).submit(1, toAnswer(priceUsd));
  const proxy = await new EACAggregatorProxy__factory(deployer).deploy(aggregator, ZERO);
  return { aggregator, proxy };
}

/** One Chainlink feed an asset, 8 decimals, "X / USD", the first round reported. */
export async function deployFeeds(
  deployer: HardhatEthersSigner,
  feedOwner: HardhatEthersSigner,
  link: string,
  alt: string,
  prices: Prices,
): Promise<Feeds> {
  const feeds: Partial<Feeds> = {};
  for (const asset of ASSETS) {
    const description = `${asset === "ALT" ? alt : asset} / USD`;
    feeds[asset] = await deployFeed(deployer, feedOwner, link, description, prices[asset]);
  }
  return feeds as Feeds;
}
