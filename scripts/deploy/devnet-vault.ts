import type { VaultDeployment } from "@crosshedge/sdk";
import type { World } from "../devnet/world.js";
import { genesisFor } from "./genesis.js";
import { deployOracles, deployVault } from "./system.js";

/** The vault that the devnet puts on top of its protocols: in ALT/USDC, its keeper the devnet's. */
export async function deployDevnetVault(world: World): Promise<Record<string, VaultDeployment>> {
  const { deployment, signers, ethers, altSymbol } = world;
  const genesis = await genesisFor(ethers.provider, Object.values(deployment.feeds));
  const oracles = await deployOracles(signers.deployer, deployment, genesis);
  const vault = await deployVault(signers.deployer, deployment, oracles, {
    name: `Crosshedge ${altSymbol}/USDC`,
    symbol: `xh${altSymbol}`,
    pool: "altUsdc",
    keeper: signers.keeper.address,
  });
  return { [altSymbol]: vault };
}
