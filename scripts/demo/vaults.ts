import {
  type HedgeVault,
  HedgeVault__factory,
  type Rebalancer,
  Rebalancer__factory,
  type UniswapV3Leg,
  UniswapV3Leg__factory,
  type VaultDeployment,
} from "@crosshedge/sdk";
import { genesisFor } from "../deploy/genesis.js";
import { HEDGED_LIMITS, UNHEDGED_LIMITS } from "../deploy/parameters.js";
import { deployOracles, deployVault } from "../deploy/system.js";

import type { World } from "../devnet/world.js";
import type { DemoOptions } from "./options.js";
import { VAULTS, type VaultName } from "./record.js";

/** One of the three vaults with its parts typed. */
export interface DemoVault {
  readonly name: VaultName;
  readonly deployment: VaultDeployment;
  readonly vault: HedgeVault;
  readonly rebalancer: Rebalancer;
  readonly liquidity: UniswapV3Leg;
}

/** Signers that send the plans of each vault: one each, as keepers are in life. */
export function keeperOf({ signers }: World, name: VaultName) {
  return { hedged: signers.keeper, unhedged: signers.carol, naive: signers.bob }[name];
}

/** Deploy the oracles and three vaults that differ in nothing but their limits and their keepers. */
export async function deployVaults(world: World, { pool, hedge }: DemoOptions): Promise<DemoVault[]> {
  const { deployer } = world.signers;
  const genesis = await genesisFor(world.ethers.provider, Object.values(world.deployment.feeds));
  const oracles = await deployOracles(deployer, world.deployment, genesis);
  const vaults: DemoVault[] = [];
  for (const name of VAULTS) {
    const deployment = await deployVault(deployer, world.deployment, oracles, {
      name: `Crosshedge ${world.altSymbol} (${name})`,
      symbol: `xh${world.altSymbol}`,
      pool: pool === "usdc" ? "altUsdc" : "altWeth",
      hedge,
      keeper: keeperOf(world, name).address,
      limits: name === "hedged" ? HEDGED_LIMITS : UNHEDGED_LIMITS,
    });
    vaults.push({
      name,
      deployment,
      vault: HedgeVault__factory.connect(deployment.vault, deployer),
      rebalancer: Rebalancer__factory.connect(deployment.rebalancer, deployer),
      liquidity: UniswapV3Leg__factory.connect(deployment.legs.liquidity as string, deployer),
    });
  }
  return vaults;
}
