import type { IHedgeVault, IPriceOracle, IRebalancer } from "@crosshedge/sdk/contracts";
import { AbiCoder, type BytesLike, ZeroAddress } from "ethers";
import { UsageError } from "../errors.js";

const coder = AbiCoder.defaultAbiCoder();

/** One asset of the set that a chain's vaults share. Addresses, and numbers in the contracts' units. */
export interface AssetDescription {
  token: string;
  feed: Omit<IPriceOracle.FeedStruct, "feed"> & { feed: string };
  varianceFloor: bigint;
}

/** What the vaults of one asset set share, before it is deployed. */
export interface SystemDescription {
  /** In the order of every vector. */
  assets: AssetDescription[];
  sequencer: { feed: string; grace: bigint };
  covariance: Record<"gridStep" | "genesis" | "halfLifeFast" | "halfLifeSlow" | "minHistory" | "maxAge", bigint>;
  /** What legs are clones of, by venue: the contract, and what its constructor takes. */
  legs: LegImplementations<{ contract: string; args: string[] }>;
}

/** One thing for each venue that legs can be on; a chain need not have Aave. */
export type LegImplementations<T> = { uniswapV3: T; perpV2: T; aaveV3?: T };
export type Venue = keyof LegImplementations<unknown>;

/** One vault, before it is deployed. */
export interface VaultDescription {
  name: string;
  symbol: string;
  settlementToken: string;
  settings: IHedgeVault.SettingsStruct;
  limits: IRebalancer.LimitsStruct;
  publicLimits: IRebalancer.PublicLimitsStruct;
  legs: { name: string; venue: Venue; config: BytesLike }[];
}

export const NO_SEQUENCER = { feed: ZeroAddress, grace: 0n };

/** The leg contracts, given where the venues are. */
export function legContracts(clearingHouse: string, aaveAddressesProvider?: string): SystemDescription["legs"] {
  return {
    uniswapV3: { contract: "UniswapV3Leg", args: [] },
    perpV2: { contract: "PerpV2Leg", args: [clearingHouse] },
    ...(aaveAddressesProvider && { aaveV3: { contract: "AaveV3ShortLeg", args: [aaveAddressesProvider] } }),
  };
}

/** What each kind of leg is initialized with. */
export const encodeLeg = {
  uniswapV3: (pool: string, maxSlippage: bigint) => coder.encode(["address", "uint256"], [pool, maxSlippage]),
  perpV2: (markets: { market: string; assetIndex: number }[], maxSlippage: bigint) =>
    coder.encode(["tuple(address market, uint8 assetIndex)[]", "uint256"], [markets, maxSlippage]),
  aaveV3: (settlementToken: string, listings: { token: string; pool: string }[], maxSlippage: bigint) =>
    coder.encode(
      ["address", "tuple(address token, address pool)[]", "uint256"],
      [settlementToken, listings, maxSlippage],
    ),
};

/** Constructor arguments of the price oracle, after its authority. */
export function priceOracleArguments({ sequencer, assets }: SystemDescription) {
  return [sequencer, assets.map(({ token }) => token), assets.map(({ feed }) => feed)] as const;
}

/** The constructor argument of the covariance oracle. */
export function covarianceParameters<A>({ assets, covariance }: SystemDescription, prices: A) {
  return {
    ...covariance,
    prices,
    assets: assets.map(({ token }) => token),
    varianceFloors: assets.map(({ varianceFloor }) => varianceFloor),
  };
}

/** What the factory makes a vault from. `A` is an address, or what stands for one that is not known yet. */
export function vaultConfig<A>(
  vault: VaultDescription,
  parts: { authority: A; priceOracle: A; covarianceOracle: A; legImplementations: LegImplementations<A> },
) {
  const { name, symbol, settlementToken, settings, limits, publicLimits, legs } = vault;
  const { authority, priceOracle, covarianceOracle, legImplementations } = parts;
  return {
    parameters: { name, symbol, authority, priceOracle, covarianceOracle, settlementToken },
    settings,
    limits,
    publicLimits,
    legs: legs.map(({ venue, config }) => ({ implementation: implementationOf(legImplementations, venue), config })),
  };
}

/** The implementation for a venue that a vault asks for. */
export function implementationOf<A>(implementations: LegImplementations<A>, venue: Venue): A {
  const { [venue]: implementation } = implementations;
  if (implementation === undefined) throw new UsageError(`There is no ${venue} on this chain.`, "Name its contracts.");
  return implementation;
}
