import { interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { decoded } from "../errors/decoded.js";
import type { ReadPoint } from "../multicall.js";
import { Batch } from "../read/batch.js";
import { interfaceCall } from "../read/call.js";
import { pointAt } from "../read/pointAt.js";
import type { VaultState } from "../state/types.js";
import type { CrosshedgeVault } from "../vault.js";
import { authorityFunctions, type Restricted, restrictedFunctions, targetsOf } from "./restricted.js";
import type { Role, RoleMember, VaultRoles } from "./types.js";

/** Of OpenZeppelin's AccessManager. */
const ACCESS_MANAGER = [
  "function getTargetFunctionRole(address target, bytes4 selector) view returns (uint64)",
  "function isTargetClosed(address target) view returns (bool)",
  "function getAccess(uint64 roleId, address account) view returns (uint48 since, uint32 currentDelay, uint32 pendingDelay, uint48 effect)",
].join("\n");
type Access = readonly [since: bigint, delay: bigint, pendingDelay: bigint, effect: bigint];

/** Those of contracts/access/Authority.sol. */
const NAMES: Readonly<Record<string, string>> = { "0": "admin", "1": "keeper", "2": "guardian" };

/**
 * Who may do what with a vault at the block of a state: its roles, what each may call, and which of the given accounts have it. An
 * AccessManager does not list its members: {@link readAuthority} finds them in its events.
 *
 * @param accounts Whom to ask about
 * @throws {CrosshedgeError} BAD_ARGUMENT for an account that is no address; READ_FAILED, NETWORK
 * @example
 * const { roles } = await readRoles(vault, await vault.readState(), [keeper]);
 */
export function readRoles(
  vault: CrosshedgeVault,
  state: VaultState,
  accounts: readonly string[] = [],
): Promise<VaultRoles> {
  return decoded(async () => {
    const at = pointAt(vault.connection, state.block);
    const asked = [...new Set(accounts.map((account) => checkAddress(account, "accounts")))];
    const { functions, closed } = await readFunctions(at, state);
    const ids = new Set([...Object.keys(NAMES).map(BigInt), ...functions.map(({ role }) => role)]);
    const members = await readMembers(at, state, [...ids], asked);
    const roles = [...ids]
      .sort((a, b) => Number(a - b))
      .map(
        (id): Role => ({
          id,
          name: NAMES[id.toString()] ?? id.toString(),
          functions: [
            ...functions
              .filter(({ role }) => role === id)
              .map(({ restricted: { contract, address, name } }) => ({ contract, address, name })),
            ...(id === 0n ? authorityFunctions(state) : []),
          ],
          members: members.get(id) ?? [],
        }),
      );
    return { block: state.block, authority: state.authority, roles, closed };
  });
}

async function readFunctions(at: ReadPoint, state: VaultState) {
  const abi = interfaceOf(ACCESS_MANAGER);
  const batch = new Batch(at);
  const asked = restrictedFunctions(state).map((restricted: Restricted) => ({
    restricted,
    role: batch.add(
      interfaceCall<bigint>(abi, state.authority, "getTargetFunctionRole", restricted.address, restricted.selector),
    ),
  }));
  const targets = Object.values(targetsOf(state)).map((target) => ({
    target,
    closed: batch.add(interfaceCall<boolean>(abi, state.authority, "isTargetClosed", target)),
  }));
  await batch.send();
  return {
    functions: asked.map(({ restricted, role }) => ({ restricted, role: role.value() })),
    closed: targets.filter(({ closed }) => closed.value()).map(({ target }) => target),
  };
}

async function readMembers(
  at: ReadPoint,
  { authority, block }: VaultState,
  ids: readonly bigint[],
  accounts: readonly string[],
): Promise<Map<bigint, RoleMember[]>> {
  const batch = new Batch(at);
  const abi = interfaceOf(ACCESS_MANAGER);
  const asked = ids.map((id) => ({
    id,
    access: accounts.map((account) => ({
      account,
      answer: batch.add(interfaceCall<Access>(abi, authority, "getAccess", id, account)),
    })),
  }));
  await batch.send();
  return new Map(
    asked.map(({ id, access }) => [
      id,
      access.flatMap(({ account, answer }) => memberOf(account, answer.value(), block.timestamp)),
    ]),
  );
}

function memberOf(account: string, [since, delay, pendingDelay, effect]: Access, now: number): RoleMember[] {
  if (since === 0n) return [];
  const pending = effect === 0n ? null : { delay: Number(pendingDelay), from: Number(effect) };
  const isActive = since <= BigInt(now);
  return [{ account, since: Number(since), isActive, delay: Number(delay), pendingDelay: pending }];
}
