import {
  AaveV3ShortLeg__factory,
  CovarianceOracle__factory,
  HedgeVault__factory,
  PerpV2Leg__factory,
  PriceOracle__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
  VaultFactory__factory,
} from "@crosshedge/sdk/contracts";
import type { Provider, Result } from "ethers";
import type { Wanted } from "../config/describe.js";
import { encodeLeg, type Venue } from "../description.js";
import type { Deployed } from "../parts.js";

/** What each kind of leg was initialized with, as `encodeLeg` writes it. */
const readLeg: Required<Record<Venue, (leg: string, provider: Provider) => Promise<string>>> = {
  async uniswapV3(leg, provider) {
    const contract = UniswapV3Leg__factory.connect(leg, { provider });
    return encodeLeg.uniswapV3(await contract.pool(), await contract.maxSlippage());
  },
  async perpV2(leg, provider) {
    const contract = PerpV2Leg__factory.connect(leg, { provider });
    const markets = (await contract.markets()).map(({ market, assetIndex }) => ({
      market,
      assetIndex: Number(assetIndex),
    }));
    return encodeLeg.perpV2(markets, await contract.maxSlippage());
  },
  async aaveV3(leg, provider) {
    const contract = AaveV3ShortLeg__factory.connect(leg, { provider });
    const listings = [];
    for (const { market } of await contract.markets()) {
      listings.push({ token: market, pool: await contract.tradingPool(market) });
    }
    return encodeLeg.aaveV3(await contract.settlementToken(), listings, await contract.maxSlippage());
  },
};

/** One thing of the chain beside what it should be. */
type Comparison = [what: string, is: unknown, wanted: unknown];

const plain = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? inner.toString() : inner));

/** A struct that a contract returned against the one wanted, field by field. */
function fields(what: string, is: unknown, wanted: object): Comparison[] {
  const values = (is as Result).toObject();
  return Object.entries(values).map(([key, value]) => [
    `${what}.${key}`,
    value,
    (wanted as Record<string, unknown>)[key],
  ]);
}

/** Read everything back that was configured. Returns what differs. */
export async function differingParameters(wanted: Wanted, deployed: Deployed, provider: Provider) {
  const runner = { provider };
  const { system, vault } = wanted;
  const made = HedgeVault__factory.connect(deployed.vault, runner);
  const rebalancer = Rebalancer__factory.connect(deployed.rebalancer, runner);
  const prices = PriceOracle__factory.connect(deployed.priceOracle, runner);
  const covariance = CovarianceOracle__factory.connect(deployed.covarianceOracle, runner);
  const factory = VaultFactory__factory.connect(deployed.factory, runner);
  const tokens = system.assets.map(({ token }) => token);
  const compared: Comparison[] = [
    ["the vault's name", await made.name(), vault.name],
    ["the vault's symbol", await made.symbol(), vault.symbol],
    ["the vault's authority", await made.authority(), deployed.accessManager],
    ["the vault's price oracle", await made.priceOracle(), deployed.priceOracle],
    ["the vault's covariance oracle", await made.covarianceOracle(), deployed.covarianceOracle],
    ["the vault's settlement token", await made.settlementToken(), vault.settlementToken],
    ["the vault's Rebalancer", await made.rebalancer(), deployed.rebalancer],
    ["the vault's assets", [...(await made.assets())], tokens],
    ["the vault's legs", [...(await made.legs())], Object.values(deployed.legs)],
    ["the Rebalancer's authority", await rebalancer.authority(), deployed.accessManager],
    ["the Rebalancer's vault", await rebalancer.vault(), deployed.vault],
    ["the price oracle's authority", await prices.authority(), deployed.accessManager],
    ["the price oracle's sequencer feed", await prices.sequencerFeed(), system.sequencer.feed],
    ["the price oracle's grace", await prices.sequencerGrace(), system.sequencer.grace],
    ["the factory's authority", await factory.authority(), deployed.accessManager],
    ["isVault", await factory.isVault(deployed.vault), true],
    ["the covariance oracle's assets", [...(await covariance.assets())], tokens],
    ...fields("settings", await made.settings(), vault.settings),
    ...fields("limits", await rebalancer.limits(), vault.limits),
    ...fields("publicLimits", await rebalancer.publicLimits(), vault.publicLimits),
  ];
  for (const { token, feed } of system.assets) {
    compared.push(...fields(`the feed of ${token}`, await prices.feedOf(token), feed));
  }
  for (const [i, { token, feed, varianceFloor }] of system.assets.entries()) {
    const { feed: proxy, heartbeat } = feed;
    const copied = { feed: proxy, heartbeat, varianceFloor };
    compared.push(...fields(`the covariance oracle's feed of ${token}`, await covariance.feedOf(i), copied));
  }
  for (const { name, venue, config } of vault.legs) {
    const leg = deployed.legs[name] as string;
    compared.push([`the configuration of leg ${name}`, await readLeg[venue](leg, provider), config]);
  }
  for (const [name, value] of Object.entries(system.covariance)) {
    const read = covariance.getFunction(name as keyof typeof system.covariance);
    compared.push([`covariance.${name}`, await read(), value]);
  }
  const differ = compared.filter(([, is, should]) => plain(is) !== plain(should));
  return {
    checked: compared.length,
    wrong: differ.map(([what, is, should]) => `${what} is ${plain(is)}, wanted is ${plain(should)}.`),
  };
}
