import { type Deployment, parseDeployment } from "@crosshedge/sdk";
import { getAddress, isAddress } from "ethers";
import { WrongSettingError } from "../errors.js";
import { readText } from "./yaml-file.js";

/** The deployment that a file holds. */
export function readDeployment(file: string): Deployment {
  return parseDeployment(readText(file, "--deployment"));
}

/** The address of the vault that is meant, and its name in the deployment; null where it has none. */
export function findVault(
  wanted: string | undefined,
  deployment: Deployment | undefined,
): { readonly address: string; readonly name: string | null } {
  const vaults = deployment?.vaults ?? {};
  const names = Object.keys(vaults);
  if (wanted !== undefined && isAddress(wanted)) {
    const address = getAddress(wanted);
    return { address, name: names.find((name) => getAddress(vaults[name]!.vault) === address) ?? null };
  }
  if (wanted === undefined) {
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) return { address: vaults[only]!.vault, name: only };
    const next =
      names.length > 0
        ? `Name one with --vault: ${names.join(", ")}.`
        : "Give its address with --vault, or --deployment FILE.";
    throw new WrongSettingError("It is not said which vault is meant.", next);
  }
  if (Object.hasOwn(vaults, wanted)) return { address: vaults[wanted]!.vault, name: wanted };
  const next =
    names.length > 0 ? `The deployment has ${names.join(", ")}.` : "Give its address, or a --deployment that names it.";
  throw new WrongSettingError(`There is no vault called "${wanted}".`, next);
}
