import { Contract, type Provider } from "ethers";
import { UsageError } from "../../errors.js";
import type { Wanted } from "../config/describe.js";
import type { Venue } from "../description.js";
import type { Deployed } from "../parts.js";
import { differingAccess } from "./access.js";
import { differingClones, differingCode, vaultArgs } from "./code.js";
import { differingParameters } from "./parameters.js";

const ERC20 = ["function decimals() view returns (uint8)"];

/**
 * Compare what stands on the chain with the compiler's output and the configuration: code, clones, parameters, and who may do what.
 * @throws {UsageError} naming everything that differs
 */
export async function verifyDeployment(
  wanted: Wanted,
  deployed: Deployed,
  { provider, log }: { provider: Provider; log: (line: string) => void },
): Promise<void> {
  const { system, vault } = wanted;
  const legContracts = Object.fromEntries(
    Object.entries(system.legs).map(([venue, { contract }]) => [venue, contract]),
  );
  const legClones = vault.legs.map(({ name, venue }): [string, string, string] => [
    name,
    deployed.legs[name] as string,
    deployed.implementations.legs[venue satisfies Venue] as string,
  ]);
  const code = await differingCode(deployed, legContracts, provider);
  const assets = await Promise.all(
    system.assets.map(async ({ token }) => {
      const erc20 = new Contract(token, ERC20, { provider });
      return { token, decimals: (await erc20.getFunction("decimals")()) as bigint };
    }),
  );
  const made = { ...deployed, settlementToken: vault.settlementToken };
  const clones = await differingClones(
    [
      ["the vault", deployed.vault, deployed.implementations.vault, vaultArgs(made, assets)],
      ["the Rebalancer", deployed.rebalancer, deployed.implementations.rebalancer],
      ...legClones,
    ],
    provider,
  );
  // Other code would not answer to what follows.
  refuse([...code.wrong, ...clones.wrong]);
  const parameters = await differingParameters(wanted, deployed, provider);
  refuse([...parameters.wrong, ...(await differingAccess(wanted, deployed, provider))]);
  log(
    `Verified: the code of ${code.checked} contracts and ${clones.checked} clones, ${parameters.checked} parameters, and that nobody but the configured accounts has a role.`,
  );
}

function refuse(wrong: readonly string[]): void {
  if (wrong.length === 0) return;
  throw new UsageError(
    `What is deployed is not what was asked for:\n${wrong.map((line) => `  ${line}`).join("\n")}\n`,
    "Do not use it before each of these is explained.",
  );
}
