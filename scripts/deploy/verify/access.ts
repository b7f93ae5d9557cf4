import { type Authority, Authority__factory } from "@crosshedge/sdk/contracts";
import type { Provider } from "ethers";
import type { Wanted } from "../config/describe.js";
import type { Deployed } from "../parts.js";
import { ADMIN_ROLE, ASSIGNMENTS, GUARDIAN_ROLE, KEEPER_ROLE } from "../roles.js";

/** Nodes limit how many blocks one question may span. */
const SPAN = 10_000;

/** Who holds what, rebuilt from the authority's events. */
export interface Access {
  /** Execution delay in seconds, by `role account`. */
  holders: Map<string, bigint>;
  /** Role, by `target selector`. */
  functions: Map<string, bigint>;
  /** Everything else that was ever set: closed targets, roles' administrators and guardians, delays. */
  others: string[];
}

/** Replay an authority's events since a block. */
export async function readAccess(authority: Authority, from: number, provider: Provider): Promise<Access> {
  const access: Access = { holders: new Map(), functions: new Map(), others: [] };
  const latest = await provider.getBlockNumber();
  const address = await authority.getAddress();
  for (let start = from; start <= latest; start += SPAN) {
    const logs = await provider.getLogs({ address, fromBlock: start, toBlock: Math.min(start + SPAN - 1, latest) });
    for (const log of logs) {
      const event = authority.interface.parseLog(log);
      if (event === null) continue;
      const [first, second, third] = event.args;
      if (event.name === "RoleGranted") access.holders.set(`${first} ${second}`, third);
      else if (event.name === "RoleRevoked") access.holders.delete(`${first} ${second}`);
      else if (event.name === "TargetFunctionRoleUpdated") access.functions.set(`${first} ${second}`, third);
      else if (!/^RoleLabel$|^Operation/.test(event.name))
        access.others.push(`${event.name}(${event.args.join(", ")})`);
    }
  }
  return access;
}

/** Compare who holds what with the configuration. Returns what differs. */
export async function differingAccess(wanted: Wanted, deployed: Deployed, provider: Provider): Promise<string[]> {
  const authority = Authority__factory.connect(deployed.accessManager, { provider });
  const { holders, functions, others } = await readAccess(authority, deployed.block, provider);
  const { admins, keeper, guardian } = wanted.roles;
  const holdersWanted = new Map<string, bigint>([
    ...admins.map(({ account, delay }): [string, bigint] => [`${ADMIN_ROLE} ${account}`, delay]),
    [`${KEEPER_ROLE} ${keeper}`, 0n],
    [`${GUARDIAN_ROLE} ${guardian}`, 0n],
  ]);
  const functionsWanted = new Map(
    ASSIGNMENTS.flatMap(({ contract, selectors, role }) =>
      selectors.map((selector): [string, bigint] => [`${deployed[contract]} ${selector}`, role]),
    ),
  );
  return [
    ...differences(holders, holdersWanted, "the delay of role and account"),
    ...differences(functions, functionsWanted, "the role of target and function"),
    ...others.map((other) => `the authority has ${other}, which the configuration does not ask for.`),
  ];
}

function differences(is: Map<string, bigint>, wanted: Map<string, bigint>, what: string): string[] {
  return [...new Set([...is.keys(), ...wanted.keys()])]
    .filter((key) => is.get(key) !== wanted.get(key))
    .map((key) => `${what} ${key} is ${is.get(key) ?? "not given"}, wanted is ${wanted.get(key) ?? "none"}.`);
}
