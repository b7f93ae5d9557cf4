import type { Deployment, VaultDeployment } from "@crosshedge/sdk";
import {
  AaveV3ShortLeg__factory,
  type Authority,
  Authority__factory,
  CovarianceOracle__factory,
  HedgeVault__factory,
  type IHedgeVault,
  type IRebalancer,
  PerpV2Leg__factory,
  PriceOracle__factory,
  Rebalancer__factory,
  UniswapV3Leg__factory,
  type VaultFactory,
  VaultFactory__factory,
} from "@crosshedge/sdk";
import { AbiCoder, type Interface, id, type Signer, ZeroAddress } from "ethers";
import { deployVaultLibraries } from "./libraries.js";
import {
  ASSET_PARAMETERS,
  COVARIANCE_PARAMETERS,
  HEDGED_LIMITS,
  MAX_SLIPPAGE,
  PUBLIC_LIMITS,
  SETTINGS,
} from "./parameters.js";

const coder = AbiCoder.defaultAbiCoder();

/** Roles of contracts/access/Authority.sol. */
export const ADMIN_ROLE = 0n;
export const KEEPER_ROLE = 1n;
export const GUARDIAN_ROLE = 2n;

/** What the vaults of one asset set share. */
export interface Oracles {
  accessManager: string;
  priceOracle: string;
  covarianceOracle: string;
  factory: string;
  /** What legs are clones of, by venue. */
  legImplementations: { uniswapV3: string; perpV2: string; aaveV3?: string };
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
 * Deploy the authority, both oracles and the factory.
 * @param genesis First grid time of the covariance oracle, unix seconds, a multiple of its grid step
 */
export async function deployOracles(admin: Signer, chain: Deployment, genesis: number): Promise<Oracles> {
  const assets = assetSet(chain);
  const authority = await new Authority__factory(admin).deploy(await admin.getAddress());
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
    ...(await deployFactory(admin, chain, authority)),
  };
}

async function deployFactory(admin: Signer, chain: Deployment, authority: Authority) {
  const uniswapV3 = await (await new UniswapV3Leg__factory(admin).deploy()).getAddress();
  const perpV2 = await (await new PerpV2Leg__factory(admin).deploy(chain.perp.clearingHouse)).getAddress();
  const aaveV3 =
    chain.aave && (await (await new AaveV3ShortLeg__factory(admin).deploy(chain.aave.addressesProvider)).getAddress());
  const links = await deployVaultLibraries(admin);
  const factory = await new VaultFactory__factory(admin).deploy(
    authority,
    await new HedgeVault__factory(links, admin).deploy(),
    await new Rebalancer__factory(admin).deploy(),
    [uniswapV3, perpV2, ...(aaveV3 ? [aaveV3] : [])],
  );
  return {
    factory: await factory.getAddress(),
    legImplementations: { uniswapV3, perpV2, ...(aaveV3 && { aaveV3 }) },
  };
}

/** What one vault is made of. */
export interface VaultOptions {
  name: string;
  symbol: string;
  /** The pool in which it provides liquidity. */
  pool: keyof Deployment["uniswap"]["pools"];
  /** The venue of its shorts; default Perp v2. */
  hedge?: "perp" | "aave";
  /** Who may send plans. */
  keeper: string;
  /** Who may make it stricter. */
  guardian?: string;
  limits?: IRebalancer.LimitsStruct;
  publicLimits?: Partial<IRebalancer.PublicLimitsStruct>;
  settings?: Partial<IHedgeVault.SettingsStruct>;
}

/** Deploy a vault with its Rebalancer and legs, and give the keeper its role. `admin` administers the authority. */
export async function deployVault(
  admin: Signer,
  chain: Deployment,
  oracles: Oracles,
  options: VaultOptions,
): Promise<VaultDeployment> {
  const { tokens, uniswap } = chain;
  const { hedge = "perp" } = options;
  const adminAddress = await admin.getAddress();
  const config: VaultFactory.VaultConfigStruct = {
    parameters: {
      name: options.name,
      symbol: options.symbol,
      authority: oracles.accessManager,
      priceOracle: oracles.priceOracle,
      covarianceOracle: oracles.covarianceOracle,
      settlementToken: tokens.USDC as string,
    },
    settings: { feeRecipient: adminAddress, ...SETTINGS, ...options.settings },
    limits: options.limits ?? HEDGED_LIMITS,
    publicLimits: { gasAsset: tokens.WETH as string, ...PUBLIC_LIMITS, ...options.publicLimits },
    legs: [
      {
        implementation: oracles.legImplementations.uniswapV3,
        config: coder.encode(["address", "uint256"], [uniswap.pools[options.pool], MAX_SLIPPAGE]),
      },
      hedge === "perp" ? perpLeg(chain, oracles) : aaveLeg(chain, oracles),
    ],
  };
  const factory = VaultFactory__factory.connect(oracles.factory, admin);
  const salt = id(`${options.name} ${await admin.getNonce()}`);
  const receipt = await (await factory.createVault(salt, config)).wait();
  const [created] = await factory.queryFilter(factory.filters.VaultCreated, receipt?.blockNumber, receipt?.blockNumber);
  if (created === undefined) throw new TypeError("the factory made no vault");
  const { vault, rebalancer, legs } = created.args;
  await grantRoles(admin, oracles.accessManager, { vault, rebalancer }, options);
  return {
    vault,
    rebalancer,
    accessManager: oracles.accessManager,
    priceOracle: oracles.priceOracle,
    covarianceOracle: oracles.covarianceOracle,
    legs: { liquidity: legs[0] as string, [hedge]: legs[1] as string },
  };
}

/** Shorts of ETH and BTC on Perp v2. */
function perpLeg(chain: Deployment, { legImplementations }: Oracles) {
  const { tokens, perp } = chain;
  const indexOf = (token: string | undefined) => assetSet(chain).findIndex((asset) => asset.token === token);
  const markets = [
    { market: perp.markets.ETH.base, assetIndex: indexOf(tokens.WETH) },
    { market: perp.markets.BTC.base, assetIndex: indexOf(tokens.WBTC) },
  ];
  const config = coder.encode(["tuple(address market, uint8 assetIndex)[]", "uint256"], [markets, MAX_SLIPPAGE]);
  return { implementation: legImplementations.perpV2, config };
}

/** Shorts of WETH, WBTC and the pools' own token, borrowed from Aave v3 and traded in the chain's spot pools. */
function aaveLeg({ tokens, uniswap, altSymbol }: Deployment, { legImplementations }: Oracles) {
  if (legImplementations.aaveV3 === undefined) throw new TypeError("the chain has no Aave v3");
  const { wethUsdc, wbtcUsdc, altUsdc } = uniswap.pools;
  const listings = [
    { token: tokens.WETH, pool: wethUsdc },
    { token: tokens.WBTC, pool: wbtcUsdc },
    { token: tokens[altSymbol], pool: altUsdc },
  ];
  const config = coder.encode(
    ["address", "tuple(address token, address pool)[]", "uint256"],
    [tokens.USDC, listings, MAX_SLIPPAGE],
  );
  return { implementation: legImplementations.aaveV3, config };
}

async function grantRoles(
  admin: Signer,
  accessManager: string,
  { vault, rebalancer }: { vault: string; rebalancer: string },
  { keeper, guardian }: VaultOptions,
): Promise<void> {
  const authority = Authority__factory.connect(accessManager, admin);
  const selectors = (contract: Interface, names: string[]) =>
    names.map((name) => contract.getFunction(name)?.selector as string);
  const ofKeeper = selectors(Rebalancer__factory.createInterface(), ["rebalance", "heartbeat"]);
  const ofGuardian = selectors(HedgeVault__factory.createInterface(), ["tighten"]);
  await authority.setTargetFunctionRole(rebalancer, ofKeeper, KEEPER_ROLE);
  await authority.setTargetFunctionRole(vault, ofGuardian, GUARDIAN_ROLE);
  await authority.grantRole(KEEPER_ROLE, keeper, 0);
  if (guardian !== undefined) await authority.grantRole(GUARDIAN_ROLE, guardian, 0);
}
