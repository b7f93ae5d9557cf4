import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Deployment, VaultDeployment } from "./deployment.js";
import { KNOWN_DEPLOYMENTS } from "./known.js";

/** Ids of the chains whose addresses this version of the package knows. */
export const DEPLOYED_CHAINS: readonly number[] = Object.keys(KNOWN_DEPLOYMENTS).map(Number);

/**
 * The addresses of a chain.
 *
 * @param own Looked at first: for a chain that the package does not know, or in place of what it knows
 * @throws {CrosshedgeError} UNKNOWN_CHAIN
 * @example
 * const { multicall } = deploymentOf((await provider.getNetwork()).chainId);
 * const local = deploymentOf(31337, [parseDeployment(text)]);
 */
export function deploymentOf(chainId: number | bigint, own: readonly Deployment[] = []): Deployment {
  const id = Number(chainId);
  const found = own.find((deployment) => deployment.chainId === id) ?? KNOWN_DEPLOYMENTS[id];
  if (found !== undefined) return found;
  const known = DEPLOYED_CHAINS.length === 0 ? "none" : DEPLOYED_CHAINS.join(", ");
  throw new CrosshedgeError("UNKNOWN_CHAIN", `This package has no addresses of chain ${chainId}; it has: ${known}.`);
}

/**
 * The addresses of a chain's vault.
 *
 * @param name May be left out where there is one vault
 * @throws {CrosshedgeError} UNKNOWN_VAULT, naming those that there are
 */
export function vaultOf(deployment: Deployment, name?: string): VaultDeployment {
  const vaults = Object.entries(deployment.vaults ?? {});
  const [found, another] = name === undefined ? vaults : vaults.filter(([each]) => each === name);
  if (found !== undefined && another === undefined) return found[1];
  const names = vaults.map(([each]) => `"${each}"`).join(", ") || "none";
  const what =
    name === undefined ? `Chain ${deployment.chainId} has not just one vault` : `There is no vault "${name}"`;
  throw new CrosshedgeError("UNKNOWN_VAULT", `${what}; there are: ${names}.`);
}
