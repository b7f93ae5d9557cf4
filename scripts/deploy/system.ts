import type { Deployment, VaultDeployment } from "@crosshedge/sdk";
import {
  CovarianceOracle__factory,
  HedgeVault__factory,
  type IRebalancer,
  PerpV2Leg__factory,
  PriceOracle__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
} from "@crosshedge/sdk";
import { type Signer, ZeroAddress } from "ethers";
import { AccessManager__factory } from "../devnet/generated/index.js";
import { ASSET_PARAMETERS, COVARIANCE_PARAMETERS, HEDGED_LIMITS, MAX_SLIPPAGE } from "./parameters.js";

/** AccessManager role that may send plans. */
export const KEEPER_ROLE = 1n;

/** What the vaults of one asset set share. */
export interface Oracles {
  accessManager: string;
  priceOracle: string;
  covarianceOracle: string;
}

/** The asset set of a chain's vaults, in the order of every vector, with the feed of each. */
function assetSet(chain: Deployment) {
  const { tokens, feeds, altSymbol } = chain;
  return [
    { token: tokens.USDC, feed: feeds.USDC, parameters: ASSET_PARAMETERS.USDC },
    { token: tokens[altSymbol], feed: feeds.ALT, parameters: ASSET_PARAMETERS.ALT },
    { token: tokens.WETH, feed: feeds.ETH, parameters: ASSET_PARAMETERS.ETH },
    { token: tokens.WBTC, feed: feeds.BTC, parameters: ASSET_PARAMETERS.BTC },
  ].map(({ token, feed, parameters }) => ({ token: token as string, feed: feed as string, parameters }));
}

/**
 * Deploy the authority and both oracles.
 * @param genesis First grid time of the covariance oracle, unix seconds, a multiple of its grid step
 */
export async function deployOracles(admin: Signer, chain: Deployment, genesis: number): Promise<Oracles> {
  const assets = assetSet(chain);
  const authority = await new AccessManager__factory(admin).deploy(await admin.getAddress());
  const prices = await new PriceOracle__factory(admin).deploy(
    authority,
    { feed: ZeroAddress, grace: 0 },
    assets.map((asset) => asset.token),
    assets.map(({ feed, parameters: { heartbeat, deviation, stableBand } }) => ({
      feed,
      heartbeat,
      deviation,
      stableBand,
    })),
  );
  const covariance = await new CovarianceOracle__factory(admin).deploy({
    ...COVARIANCE_PARAMETERS,
    prices,
    assets: assets.map((asset) => asset.token),
    varianceFloors: assets.map((asset) => asset.parameters.varianceFloor),
    genesis,
  });
  return {
    accessManager: await authority.getAddress(),
    priceOracle: await prices.getAddress(),
    covarianceOracle: await covariance.getAddress(),
  };
}

/** What one vault is made of. */
export interface VaultOptions {
  name: string;
  symbol: string;
  /** The pool in which it provides liquidity. */
  pool: "altUsdc" | "altWeth";
  /** Who may send plans. */
  keeper: string;
  limits?: IRebalancer.LimitsStruct;
}

/** Deploy a vault with its Rebalancer and legs, and give the keeper its role. `admin` administers the authority. */
export async function deployVault(
  admin: Signer,
  chain: Deployment,
  oracles: Oracles,
  options: VaultOptions,
): Promise<VaultDeployment> {
  const authority = AccessManager__factory.connect(oracles.accessManager, admin);
  const vault = await new HedgeVault__factory(admin).deploy(
    options.name,
    options.symbol,
    authority,
    oracles.priceOracle,
    oracles.covarianceOracle,
    chain.tokens.USDC as string,
  );
  const rebalancer = await new Rebalancer__factory(admin).deploy(vault, authority, options.limits ?? HEDGED_LIMITS);
  const liquidity = await new UniswapV3Leg__factory(admin).deploy(
    vault,
    chain.uniswap.pools[options.pool],
    MAX_SLIPPAGE,
  );
  const indexOf = (token: string | undefined) => assetSet(chain).findIndex((asset) => asset.token === token);
  const perp = await new PerpV2Leg__factory(admin).deploy(
    vault,
    chain.perp.clearingHouse,
    [
      { baseToken: chain.perp.markets.ETH.base, assetIndex: indexOf(chain.tokens.WETH) },
      { baseToken: chain.perp.markets.BTC.base, assetIndex: indexOf(chain.tokens.WBTC) },
    ],
    MAX_SLIPPAGE,
  );
  await vault.setRebalancer(rebalancer);
  await vault.addLeg(liquidity);
  await vault.addLeg(perp);
  const selector = rebalancer.interface.getFunction("rebalance").selector;
  await authority.setTargetFunctionRole(rebalancer, [selector], KEEPER_ROLE);
  await authority.grantRole(KEEPER_ROLE, options.keeper, 0);
  return {
    vault: await vault.getAddress(),
    rebalancer: await rebalancer.getAddress(),
    ...oracles,
    legs: { liquidity: await liquidity.getAddress(), perp: await perp.getAddress() },
  };
}
