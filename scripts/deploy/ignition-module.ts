import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type {
  ArgumentType,
  ContractFuture,
  ContractOptions,
  IgnitionModuleBuilder,
} from "@nomicfoundation/ignition-core";
import { id } from "ethers";
import { librariesOf } from "./artifacts.js";
import type { Wanted } from "./config/describe.js";
import {
  covarianceParameters,
  type LegImplementations,
  priceOracleArguments,
  type Venue,
  vaultConfig,
} from "./description.js";
import { ADMIN_ROLE, ASSIGNMENTS, GUARDIAN_ROLE, KEEPER_ROLE } from "./roles.js";

type Future = ContractFuture<string>;
const args = (...list: unknown[]) => list as ArgumentType[];

/** Everything that a deployment sends, in order. Each step is recorded, so that a stopped deployment goes on where it stopped. */
export function systemModule({ system, vault, roles }: Wanted) {
  return buildModule("Crosshedge", (m) => {
    const deployer = m.getAccount(0);
    const libraries = new Map<string, Future>();
    const contract = (name: string, list: ArgumentType[] = [], options: ContractOptions = {}): Future =>
      m.contract(name, list, { ...options, libraries: linked(m, name, libraries) }) as Future;

    const authority = contract("Authority", args(deployer));
    const priceOracle = contract("PriceOracle", args(authority, ...priceOracleArguments(system)));
    const covarianceOracle = contract("CovarianceOracle", args(covarianceParameters(system, priceOracle)));
    const implementations: Partial<LegImplementations<Future>> = {};
    for (const [venue, leg] of Object.entries(system.legs)) {
      implementations[venue as Venue] = contract(leg.contract, leg.args);
    }
    const legImplementations = implementations as LegImplementations<Future>;
    const vaultImplementation = contract("HedgeVault");
    const rebalancerImplementation = contract("Rebalancer");
    const factory = contract(
      "VaultFactory",
      args(authority, vaultImplementation, rebalancerImplementation, Object.values(legImplementations)),
    );

    const parts = { authority, priceOracle, covarianceOracle, legImplementations };
    const created = m.call(factory as never, "createVault", args(id(vault.name), vaultConfig<Future>(vault, parts)));
    const addressOf = (name: string) => m.readEventArgument(created, "VaultCreated", name, { id: `address_${name}` });
    const targets = { vault: addressOf("vault"), rebalancer: addressOf("rebalancer") };

    const authorityCall = (step: string, name: string, list: ArgumentType[], after: never[] = []) =>
      m.call(authority as never, name, list, { id: step, after }) as never;
    const grant = (step: string, role: bigint, account: string, delay: bigint, after: never[]) =>
      authorityCall(step, "grantRole", args(role, account, delay), after);
    const assigned = ASSIGNMENTS.map(({ contract: target, selectors, role }) =>
      authorityCall(`restrict_${target}`, "setTargetFunctionRole", args(targets[target], selectors, role)),
    );
    const granted = [
      grant("grant_keeper", KEEPER_ROLE, roles.keeper, 0n, assigned),
      grant("grant_guardian", GUARDIAN_ROLE, roles.guardian, 0n, assigned),
      ...roles.admins.map(({ account, delay }, i) => grant(`grant_admin_${i}`, ADMIN_ROLE, account, delay, assigned)),
    ];
    authorityCall("renounce_deployer", "renounceRole", args(ADMIN_ROLE, deployer), granted);

    return { authority, priceOracle, covarianceOracle, factory, vaultImplementation, rebalancerImplementation };
  });
}

/** The libraries that a contract is linked to, each deployed once. */
function linked(m: IgnitionModuleBuilder, name: string, made: Map<string, Future>): Record<string, Future> {
  const links: Record<string, Future> = {};
  for (const library of librariesOf(name)) {
    const known = made.get(library) ?? (m.library(library, { libraries: linked(m, library, made) }) as Future);
    made.set(library, known);
    links[library] = known;
  }
  return links;
}
