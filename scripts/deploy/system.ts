import type { Deployment, VaultDeployment } from "@crosshedge/sdk";
import {
  Authority__factory,
  CovarianceOracle__factory,
  type IHedgeVault,
  type IRebalancer,
  PriceOracle__factory,
  VaultFactory__factory,
} from "@crosshedge/sdk/contracts";
import { id, type Signer } from "ethers";
import {
  covarianceParameters,
  encodeLeg,
  type LegImplementations,
  legContracts,
  NO_SEQUENCER,
  priceOracleArguments,
  type SystemDescription,
  type VaultDescription,
  type Venue,
  vaultConfig,
} from "./description.js";
import { deployLinked, type Links } from "./libraries.js";
import {
  ASSET_PARAMETERS,
  COVARIANCE_PARAMETERS,
  HEDGED_LIMITS,
  MAX_SLIPPAGE,
  PUBLIC_LIMITS,
  SETTINGS,
} from "./parameters.js";
import { ASSIGNMENTS, GUARDIAN_ROLE, KEEPER_ROLE } from "./roles.js";

/** What the vaults of one asset set share. */
export interface Oracles {
  accessManager: string;
  priceOracle: string;
  covarianceOracle: string;
  factory: string;
  /** What legs are clones of, by venue. */
  legImplementations: LegImplementations<string>;
}

/** How risk is measured, as far as it is not the default: floors by asset, and the covariance oracle's sampling. */
export interface RiskOptions {
  varianceFloors?: Partial<Record<keyof typeof ASSET_PARAMETERS, bigint>>;
  covariance?: Partial<typeof COVARIANCE_PARAMETERS>;
}

/** The asset set of a local chain's vaults, in the order of every vector. */
function assetSet({ tokens, feeds, altSymbol }: Deployment, floors: RiskOptions["varianceFloors"] = {}) {
  return [
    { token: tokens.USDC, asset: "USDC" as const },
    { token: tokens[altSymbol], asset: "ALT" as const },
    { token: tokens.WETH, asset: "ETH" as const },
    { token: tokens.WBTC, asset: "BTC" as const },
  ].map(({ token, asset }) => {
    const { varianceFloor, ...rest } = ASSET_PARAMETERS[asset];
    return {
      token: token as string,
      feed: { feed: feeds[asset], ...rest },
      varianceFloor: floors[asset] ?? varianceFloor,
    };
  });
}

/**
 * Deploy the authority, both oracles and the factory of a local chain.
 * @param genesis First grid time of the covariance oracle, unix seconds, a multiple of its grid step
 */
export async function deployOracles(
  admin: Signer,
  chain: Deployment,
  genesis: number,
  { varianceFloors, covariance }: RiskOptions = {},
): Promise<Oracles> {
  return deploySystem(admin, {
    assets: assetSet(chain, varianceFloors),
    sequencer: NO_SEQUENCER,
    covariance: { ...COVARIANCE_PARAMETERS, ...covariance, genesis: BigInt(genesis) },
    legs: legContracts(chain.perp.clearingHouse, chain.aave?.addressesProvider),
  });
}

/** Deploy the authority, both oracles and the factory. `admin` administers the authority, without delay. */
export async function deploySystem(admin: Signer, description: SystemDescription): Promise<Oracles> {
  const authority = await new Authority__factory(admin).deploy(await admin.getAddress());
  const prices = await new PriceOracle__factory(admin).deploy(
    authority,
    ...(priceOracleArguments(description) as [never, never, never]),
  );
  const covariance = await new CovarianceOracle__factory(admin).deploy(covarianceParameters(description, prices));
  const links: Links = {};
  const legImplementations: Partial<LegImplementations<string>> = {};
  for (const [venue, { contract, args }] of Object.entries(description.legs)) {
    legImplementations[venue as Venue] = await deployLinked(contract, args, admin, links);
  }
  const factory = await new VaultFactory__factory(admin).deploy(
    authority,
    await deployLinked("HedgeVault", [], admin, links),
    await deployLinked("Rebalancer", [], admin, links),
    Object.values(legImplementations),
  );
  return {
    accessManager: await authority.getAddress(),
    priceOracle: await prices.getAddress(),
    covarianceOracle: await covariance.getAddress(),
    factory: await factory.getAddress(),
    legImplementations: legImplementations as LegImplementations<string>,
  };
}

/** What one vault is made of. */
export interface VaultOptions {
  name: string;
  symbol: string;
  /** The pool in which it provides liquidity. */
  pool: keyof Deployment["uniswap"]["pools"];
  /** More such pools, each a leg by the pool's name. */
  morePools?: readonly (keyof Deployment["uniswap"]["pools"])[];
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
  const description: VaultDescription = {
    name: options.name,
    symbol: options.symbol,
    settlementToken: tokens.USDC as string,
    settings: { feeRecipient: await admin.getAddress(), ...SETTINGS, ...options.settings },
    limits: options.limits ?? HEDGED_LIMITS,
    publicLimits: { gasAsset: tokens.WETH as string, ...PUBLIC_LIMITS, ...options.publicLimits },
    legs: [
      {
        name: "liquidity",
        venue: "uniswapV3",
        config: encodeLeg.uniswapV3(uniswap.pools[options.pool], MAX_SLIPPAGE),
      },
      ...(options.morePools ?? []).map((name) => ({
        name,
        venue: "uniswapV3" as const,
        config: encodeLeg.uniswapV3(uniswap.pools[name], MAX_SLIPPAGE),
      })),
      options.hedge === "aave" ? aaveLeg(chain) : perpLeg(chain),
    ],
  };
  const { vault, rebalancer, legs } = await createVault(admin, oracles, description);
  await grantRoles(admin, oracles.accessManager, { vault, rebalancer }, options);
  return {
    vault,
    rebalancer,
    accessManager: oracles.accessManager,
    priceOracle: oracles.priceOracle,
    covarianceOracle: oracles.covarianceOracle,
    legs: Object.fromEntries(description.legs.map(({ name }, k) => [name, legs[k] as string])),
  };
}

/** Shorts of ETH and BTC on Perp v2. */
function perpLeg(chain: Deployment): VaultDescription["legs"][number] {
  const { tokens, perp } = chain;
  const indexOf = (token: string | undefined) => assetSet(chain).findIndex((asset) => asset.token === token);
  const markets = [
    { market: perp.markets.ETH.base, assetIndex: indexOf(tokens.WETH) },
    { market: perp.markets.BTC.base, assetIndex: indexOf(tokens.WBTC) },
  ];
  return { name: "perp", venue: "perpV2", config: encodeLeg.perpV2(markets, MAX_SLIPPAGE) };
}

/** Shorts of WETH, WBTC and the pools' own token, borrowed from Aave v3 and traded in the chain's spot pools. */
function aaveLeg({ tokens, uniswap, altSymbol }: Deployment): VaultDescription["legs"][number] {
  const { wethUsdc, wbtcUsdc, altUsdc } = uniswap.pools;
  const listings = [
    { token: tokens.WETH as string, pool: wethUsdc as string },
    { token: tokens.WBTC as string, pool: wbtcUsdc as string },
    { token: tokens[altSymbol] as string, pool: altUsdc as string },
  ];
  return { name: "aave", venue: "aaveV3", config: encodeLeg.aaveV3(tokens.USDC as string, listings, MAX_SLIPPAGE) };
}

async function createVault(admin: Signer, oracles: Oracles, description: VaultDescription) {
  const factory = VaultFactory__factory.connect(oracles.factory, admin);
  const salt = id(`${description.name} ${await admin.getNonce()}`);
  const config = vaultConfig(description, { authority: oracles.accessManager, ...oracles });
  const receipt = await (await factory.createVault(salt, config)).wait();
  const [created] = await factory.queryFilter(factory.filters.VaultCreated, receipt?.blockNumber, receipt?.blockNumber);
  if (created === undefined) throw new TypeError("the factory made no vault");
  return created.args;
}

async function grantRoles(
  admin: Signer,
  accessManager: string,
  targets: { vault: string; rebalancer: string },
  { keeper, guardian }: VaultOptions,
): Promise<void> {
  const authority = Authority__factory.connect(accessManager, admin);
  for (const { contract, selectors, role } of ASSIGNMENTS) {
    await authority.setTargetFunctionRole(targets[contract], selectors, role);
  }
  await authority.grantRole(KEEPER_ROLE, keeper, 0);
  if (guardian !== undefined) await authority.grantRole(GUARDIAN_ROLE, guardian, 0);
}
