import type { Deployment } from "@crosshedge/sdk";
import {
  encodeLeg,
  legContracts,
  NO_SEQUENCER,
  type SystemDescription,
  type VaultDescription,
} from "../description.js";
import type { Problems } from "./problems.js";
import type { DeployConfig } from "./schema.js";

/** What is deployed for a configuration. */
export interface Wanted {
  system: SystemDescription;
  vault: VaultDescription;
  roles: { admins: { account: string; delay: bigint }[]; guardian: string; keeper: string };
}

/** Describe what a configuration asks for, once the covariance oracle's first grid time is chosen. */
export function describe(config: DeployConfig, chain: Deployment, genesis: bigint, problems: Problems): Wanted {
  const { assets, covariance, sequencer, vault, roles } = config;
  const indexOf = (token: string, path: string) => {
    const index = assets.findIndex((asset) => asset.token === token);
    if (index === -1) problems.add(path, `${token} is not one of the assets.`);
    return index;
  };
  indexOf(vault.settlementToken, "vault.settlementToken");
  const legs = vault.legs.map((leg, k): VaultDescription["legs"][number] => {
    if (leg.venue === "uniswap-v3") {
      return { name: leg.name, venue: "uniswapV3", config: encodeLeg.uniswapV3(leg.pool, leg.maxSlippage) };
    }
    if (leg.venue === "aave-v3") {
      const { name, markets: listings, maxSlippage } = leg;
      return { name, venue: "aaveV3", config: encodeLeg.aaveV3(vault.settlementToken, listings, maxSlippage) };
    }
    const markets = leg.markets.map(({ market, asset }, i) => ({
      market,
      assetIndex: Math.max(0, indexOf(asset, `vault.legs[${k}].markets[${i}].asset`)),
    }));
    return { name: leg.name, venue: "perpV2", config: encodeLeg.perpV2(markets, leg.maxSlippage) };
  });
  for (const [list, path] of [
    [legs.map(({ name }) => name), "vault.legs"],
    [assets.map(({ token }) => token), "assets"],
    [roles.admins.map(({ account }) => account), "roles.admins"],
  ] as const) {
    if (new Set(list).size < list.length) problems.add(path, "the same one stands in it twice.");
  }
  return {
    system: {
      assets,
      sequencer: sequencer ?? NO_SEQUENCER,
      covariance: { ...covariance, genesis },
      legs: legContracts(chain.perp.clearingHouse, chain.aave?.addressesProvider),
    },
    vault: { ...vault, legs },
    roles,
  };
}
