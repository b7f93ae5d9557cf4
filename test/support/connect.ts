import { type ConnectOptions, CrosshedgeVault } from "@crosshedge/sdk";
import type { World } from "../../scripts/devnet/world.js";

/** What every fixture with a vault has. */
interface Deployed {
  readonly world: Pick<World, "ethers" | "deployment">;
  readonly deployment: { readonly vault: string };
}

/**
 * A fixture's vault through the SDK.
 * @param changes To the fixture's own provider and Multicall3: `{ multicall: undefined }` does without
 */
export function connect({ world, deployment }: Deployed, changes: Partial<ConnectOptions> = {}) {
  return CrosshedgeVault.connect({
    address: deployment.vault,
    provider: world.ethers.provider,
    multicall: world.deployment.multicall,
    ...changes,
  });
}
