import type { Interface } from "ethers";
import { interfaceOf } from "../abi/abi.js";
import { decoded } from "../errors/decoded.js";
import { readLogs } from "../history/readLogs.js";
import { Batch } from "../read/batch.js";
import { interfaceCall } from "../read/call.js";
import { pointAt } from "../read/pointAt.js";
import type { VaultState } from "../state/types.js";
import type { CrosshedgeVault } from "../vault.js";
import { restrictedFunctions } from "./restricted.js";
import type { ScheduledCall } from "./types.js";

/** Of OpenZeppelin's AccessManager. */
const EVENTS = [
  "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
  "event OperationScheduled(bytes32 indexed operationId, uint32 indexed nonce, uint48 schedule, address caller, address target, bytes data)",
].join("\n");
const SCHEDULE = [
  "function getSchedule(bytes32 id) view returns (uint48)",
  "function expiration() view returns (uint32)",
].join("\n");

/** What an authority's events tell. */
export interface AuthorityNews {
  /** Every account that was ever given a role, checksummed. */
  accounts: string[];
  /** Calls that are announced and neither made, nor cancelled, nor lapsed; the first one due first. */
  scheduled: ScheduledCall[];
}

/**
 * Everybody who was ever given a role, for {@link readRoles}, and what administrators have announced.
 *
 * @param fromBlock Where to begin: the authority's deployment for all of it; what is announced is younger than its delay and a week
 * @throws {CrosshedgeError} BAD_ARGUMENT, NETWORK, READ_FAILED
 * @example
 * const { accounts, scheduled } = await readAuthority(vault, state, deployment.block);
 */
export function readAuthority(vault: CrosshedgeVault, state: VaultState, fromBlock: number): Promise<AuthorityNews> {
  return decoded(async () => {
    const { provider } = vault.connection;
    const { authority, block } = state;
    const abi: Interface = interfaceOf(EVENTS);
    const topics = [abi.fragments.flatMap((fragment) => ("topicHash" in fragment ? [String(fragment.topicHash)] : []))];
    const range = { from: fromBlock, to: block.number };
    const logs = await readLogs(provider, { addresses: [authority], topics }, range);
    const events = logs.flatMap((log) => abi.parseLog(log) ?? []);
    const accounts = events.filter(({ name }) => name === "RoleGranted").map(({ args }) => String(args.account));
    const batch = new Batch(pointAt(vault.connection, block));
    const expiration = batch.add(interfaceCall<bigint>(interfaceOf(SCHEDULE), authority, "expiration"));
    const calls = new Map(
      events
        .filter(({ name }) => name === "OperationScheduled")
        .map(({ args }) => [String(args.operationId), callOf(args, state)]),
    );
    const known = [...calls.values()].map((call) => ({
      call,
      schedule: batch.add(interfaceCall<bigint>(interfaceOf(SCHEDULE), authority, "getSchedule", call.id)),
    }));
    await batch.send();
    const scheduled = known.flatMap(({ call, schedule }) => {
      const from = Number(schedule.value());
      return from === 0 ? [] : [{ ...call, from, until: from + Number(expiration.value()) }];
    });
    return { accounts: [...new Set(accounts)], scheduled: scheduled.sort((a, b) => a.from - b.from) };
  });
}

function callOf(args: Record<string, unknown>, state: VaultState): Omit<ScheduledCall, "from" | "until"> {
  const [target, data] = [String(args.target), String(args.data)];
  const selector = data.slice(0, 10);
  const known = restrictedFunctions(state).find((one) => one.address === target && one.selector === selector);
  return { id: String(args.operationId), caller: String(args.caller), target, data, name: known?.name ?? selector };
}
