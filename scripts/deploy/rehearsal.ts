import { decodeError } from "@crosshedge/sdk";
import {
  Authority__factory,
  CovarianceOracle__factory,
  PriceOracle__factory,
  VaultFactory__factory,
} from "@crosshedge/sdk/contracts";
import { decodeBytes32String, id, type Signer } from "ethers";
import { network } from "hardhat";
import { forkOf, inspect, mineOnTop } from "../devnet/serve.js";
import type { Wanted } from "./config/describe.js";
import type { Problems } from "./config/problems.js";
import {
  covarianceParameters,
  implementationOf,
  priceOracleArguments,
  type VaultDescription,
  vaultConfig,
} from "./description.js";
import { ADMIN_ROLE } from "./roles.js";
import { deploySystem, type Oracles } from "./system.js";

/**
 * Deploy everything on a fork of the chain in this process first. So each parameter meets the contracts' own checks, ceilings and floors
 * included, before anything is sent, and none of them is copied here.
 */
export async function rehearse(url: string, wanted: Wanted, problems: Problems): Promise<void> {
  const origin = await inspect(url);
  const connection = await network.create({ network: "world", override: forkOf({ ...origin, url }) });
  try {
    await mineOnTop(connection, origin);
    const [admin] = await connection.ethers.getSigners();
    await rehearseWith(admin as Signer, wanted, problems);
  } finally {
    await connection.close();
  }
}

async function rehearseWith(admin: Signer, { system, vault, roles }: Wanted, problems: Problems): Promise<void> {
  const before = problems.lines.length;
  const attempt = async (path: string, action: () => Promise<unknown>) => {
    try {
      await action();
    } catch (error) {
      problems.add(path, reasonOf(error));
    }
  };
  const authority = await new Authority__factory(admin).deploy(await admin.getAddress());
  for (const [i, { account, delay }] of roles.admins.entries()) {
    await attempt(`roles.admins[${i}]`, () => authority.grantRole.staticCall(ADMIN_ROLE, account, delay));
  }
  const none = { ...system, assets: [] };
  const [sequencer, ,] = priceOracleArguments(none);
  await attempt("sequencer", () => new PriceOracle__factory(admin).deploy(authority, sequencer, [], []));
  const prices = await new PriceOracle__factory(admin).deploy(authority, { ...sequencer, feed: NOWHERE }, [], []);
  for (const [i, { token, feed }] of system.assets.entries()) {
    await attempt(`assets[${i}].feed`, () => prices.setFeed(token, feed));
  }
  if (problems.lines.length === before) {
    await attempt("covariance", () =>
      new CovarianceOracle__factory(admin).deploy(covarianceParameters(system, prices)),
    );
  }
  let oracles: Oracles | undefined;
  // The vault's own limits do not depend on what is wrong with the oracles; but without any there is no asset set.
  if (problems.lines.length === before) oracles = await deploySystem(admin, system);
  if (oracles !== undefined) await rehearseVault(admin, vault, oracles, problems);
}

const NOWHERE = "0x0000000000000000000000000000000000000000";

async function rehearseVault(admin: Signer, vault: VaultDescription, oracles: Oracles, problems: Problems) {
  const factory = VaultFactory__factory.connect(oracles.factory, admin);
  const parts = { authority: oracles.accessManager, ...oracles };
  const bare = structuredClone({ ...vault, legs: [] });
  for (;;) {
    try {
      await factory.createVault.staticCall(id("bare"), vaultConfig(bare, parts));
      break;
    } catch (error) {
      // A bound names its field: note it, put the field at the bound, and see what else is wrong.
      if (!moveToBound(bare, error, problems)) {
        problems.add("vault", reasonOf(error));
        return;
      }
    }
  }
  const config = vaultConfig(bare, parts);
  await factory.createVault(id("bare"), config);
  const made = await factory.predictVault(await admin.getAddress(), id("bare"), config.parameters);
  for (const [k, leg] of vault.legs.entries()) {
    try {
      const config = { implementation: implementationOf(oracles.legImplementations, leg.venue), config: leg.config };
      await factory.createLeg.staticCall(made, config, id(leg.name));
    } catch (error) {
      problems.add(`vault.legs[${k}]`, reasonOf(error));
    }
  }
}

const SECTIONS = ["settings", "limits", "publicLimits"] as const;

/** For an error of the form `Bound(name, value, bound)`: true if a setting of that name and value was put at the bound. */
function moveToBound(vault: VaultDescription, error: unknown, problems: Problems): boolean {
  const { revert } = decodeError(error);
  if (revert?.kind !== "custom" || !/\(bytes32,uint256,uint256\)$/.test(revert.signature)) return false;
  const [name, value, bound] = Object.values(revert.args) as [string, bigint, bigint];
  const field = decodeBytes32String(name);
  for (const section of SECTIONS) {
    const settings = vault[section] as unknown as Record<string, unknown>;
    if (settings[field] !== value || value === bound) continue;
    problems.add(`vault.${section}.${field}`, reasonOf(error, field));
    settings[field] = bound;
    return true;
  }
  return false;
}

/** The contract's reason, with the field's name readable. */
function reasonOf(error: unknown, field?: string): string {
  const { shortMessage } = decodeError(error);
  return field === undefined ? shortMessage : shortMessage.replace(/0x[0-9a-f]{64}/i, `"${field}"`);
}
