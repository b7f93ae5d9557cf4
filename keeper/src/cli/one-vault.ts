import { WrongSettingError } from "../errors.js";
import type { LoadedConfig } from "../operator-config/load.js";
import { type ChainTarget, targetsOf, type VaultTarget } from "../operator-config/targets.js";

/** One vault and its chain. */
export interface OneVault {
  readonly target: ChainTarget;
  readonly vault: VaultTarget;
}

/**
 * The vault that a command is about.
 *
 * @throws {WrongSettingError} there are several, and none is named
 */
export function oneVault(loaded: LoadedConfig): OneVault {
  const found = targetsOf(loaded).flatMap((target) => target.vaults.map((vault) => ({ target, vault })));
  if (found.length === 1) return found[0]!;
  const names = found.map(({ vault }) => vault.name).join(", ");
  throw new WrongSettingError("It is not said which vault is meant.", `Name one with --vault: ${names}.`);
}
