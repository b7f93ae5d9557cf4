import type { VaultDeployment } from "@crosshedge/sdk";
import {
  type HedgeVault,
  HedgeVault__factory,
  type Rebalancer,
  Rebalancer__factory,
  type UniswapV3Leg,
  UniswapV3Leg__factory,
} from "@crosshedge/sdk/contracts";
import type { Params } from "../deploy/config/params.js";
import { genesisFor } from "../deploy/genesis.js";
import { COVARIANCE_PARAMETERS, HEDGED_LIMITS, UNHEDGED_LIMITS } from "../deploy/parameters.js";
import { deployOracles, deployVault, type RiskOptions } from "../deploy/system.js";
import type { World } from "../devnet/world.js";
import { UsageError } from "../errors.js";
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

/** Who sends the plans of each vault: one each, as keepers are in life. */
export const KEEPERS = { hedged: "keeper", unhedged: "carol", naive: "bob" } as const;

/** The account that sends the plans of a vault. */
export function keeperOf({ signers }: World, name: VaultName) {
  return signers[KEEPERS[name]];
}

/** How a file's parameters have risk measured. Its tokens go by the demo's names; the pool's risky one may be called ALT too. */
function riskOf({ altSymbol }: World, params: Params | undefined): RiskOptions {
  if (params === undefined) return {};
  const { varianceFloors: floors, covariance } = params;
  const names = { USDC: ["USDC"], ALT: [altSymbol, "ALT"], ETH: ["WETH", "ETH"], BTC: ["WBTC", "BTC"] };
  const unknown = Object.keys(floors).filter((token) => !Object.values(names).flat().includes(token));
  if (unknown.length > 0) {
    throw new UsageError(
      `${params.name} has parameters of ${unknown.join(", ")}; this demo has ${Object.values(names).flat().join(", ")}.`,
      "Calibrate for the token of --alt.",
    );
  }
  const found = Object.entries(names).flatMap(([asset, tokens]) => {
    const token = tokens.find((name) => floors[name] !== undefined);
    return token === undefined ? [] : [[asset, floors[token]]];
  });
  return { covariance, varianceFloors: Object.fromEntries(found) };
}

/** Deploy the oracles and three vaults that differ in nothing but their limits and their keepers. */
export async function deployVaults(
  world: World,
  { pool, hedge }: DemoOptions,
  params: Params | undefined,
): Promise<DemoVault[]> {
  const { deployer } = world.signers;
  const risk = riskOf(world, params);
  const sampling = { ...COVARIANCE_PARAMETERS, ...risk.covariance };
  const genesis = await genesisFor(world.ethers.provider, Object.values(world.deployment.feeds), sampling);
  const oracles = await deployOracles(deployer, world.deployment, genesis, risk);
  const vaults: DemoVault[] = [];
  for (const name of VAULTS) {
    const deployment = await deployVault(deployer, world.deployment, oracles, {
      name: `Crosshedge ${world.altSymbol} (${name})`,
      symbol: `xh${world.altSymbol}`,
      pool: pool === "usdc" ? "altUsdc" : "altWeth",
      hedge,
      keeper: keeperOf(world, name).address,
      limits: name === "hedged" ? { ...HEDGED_LIMITS, ...params?.limits } : UNHEDGED_LIMITS,
      ...(name === "hedged" && params && { publicLimits: params.publicLimits }),
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
