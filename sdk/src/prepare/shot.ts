import { Interface } from "ethers";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { Outcome, ReadPoint } from "../multicall.js";
import { Batch, type Pending } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { type ContractCall, interfaceCall } from "../read/call.js";
import { ethCall } from "../read/ethCall.js";
import type { VaultLayout } from "../state/layout.js";
import { VAULT_MODES } from "../state/readRules.js";
import { addConditions, type Conditions } from "./conditions.js";
import { addFunds, type Funds, type Spending } from "./funds.js";

const CLOCK = new Interface([
  "function getBlockNumber() view returns (uint256)",
  "function getCurrentBlockTimestamp() view returns (uint256)",
]);
const SYNC = new Interface(["function sync() returns (uint8)"]);

/** The very call of an operation, and what is to be known just before it. */
export interface OperationCall<T, B> {
  /** Who calls; checksummed. */
  account: string;
  call: ContractCall<T>;
  /** What the call takes from the account for the vault; nothing by default. */
  spendings?: readonly Spending[];
  /** Adds reads of just before the call; the result is called once they were made. */
  before?: (batch: Batch) => () => B;
}

/** One look at an operation. */
export interface Shot<T, B> {
  /** False where its block is known to be another one. */
  isOf(block: PinnedBlock): boolean;
  /** Null where the layout is outdated. */
  conditions(block: PinnedBlock): Conditions | null;
  before: B;
  funds: Funds[];
  /** What the call answered, approvals included; null where it was not made. */
  outcome: Outcome<T> | null;
}

type Source = { connection: Connection; layout: VaultLayout };

/** What the call itself said, without the wrapping of a batch. */
function unwrapped<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.ok || !CrosshedgeError.is(outcome.error.cause)) return outcome;
  return { ok: false, error: outcome.error.cause };
}

function isOneOf(number: Pending<bigint> | null, timestamp: Pending<bigint> | null) {
  const [at, when] = [number?.orNull() ?? null, timestamp?.orNull() ?? null];
  return (block: PinnedBlock) => at === BigInt(block.number) && when === BigInt(block.timestamp);
}

/**
 * Everything about an operation in one `eth_call` where there is a Multicall3. As the account (`at.as`) it also approves what is missing, makes
 * the call, and lets the vault look at its venues after it.
 */
export async function shoot<T, B>(
  { connection, layout }: Source,
  at: ReadPoint,
  { account, call, spendings = [], before }: OperationCall<T, B>,
): Promise<Shot<T, B>> {
  const { address } = connection;
  const acts = at.as !== undefined;
  const batch = new Batch(at);
  const number = acts ? batch.add(interfaceCall<bigint>(CLOCK, account, "getBlockNumber")) : null;
  const timestamp = acts ? batch.add(interfaceCall<bigint>(CLOCK, account, "getCurrentBlockTimestamp")) : null;
  const conditions = addConditions(batch, connection, layout);
  const own = before?.(batch);
  const funds = addFunds(batch, spendings, { account, spender: address, approve: acts });
  const answer = acts ? batch.add(call) : null;
  const synced = acts ? batch.add(interfaceCall<bigint>(SYNC, address, "sync")) : null;
  await batch.send();
  return {
    isOf: isOneOf(number, timestamp),
    conditions: (block) => {
      const found = conditions(block);
      const mode = synced?.orNull() ?? null;
      return found && { ...found, modeAfterSync: mode === null ? null : (VAULT_MODES[Number(mode)] ?? "Closed") };
    },
    before: own?.() as B,
    funds: funds(),
    outcome: answer && unwrapped(answer.outcome()),
  };
}

/** The very call, from the account, with nothing overridden. */
export async function callDirectly<T>(at: ReadPoint, account: string, call: ContractCall<T>): Promise<Outcome<T>> {
  let returnData: string;
  try {
    returnData = await ethCall(at, { from: account, to: call.target, data: call.data });
  } catch (caught) {
    const error = decodeError(caught);
    if (error.revert === undefined && error.code !== "REVERTED") throw error;
    return { ok: false, error };
  }
  return { ok: true, value: call.decode(returnData) };
}
