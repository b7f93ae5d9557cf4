import { interfaceOf } from "../abi/abi.js";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { IHedgeVault__writes } from "../generated/abi.js";
import type { Outcome, ReadPoint } from "../multicall.js";
import { encodeAggregate3 } from "../read/aggregate3.js";
import { Batch, type Pending } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { type ContractCall, contractCall, interfaceCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { ethCall, type StateOverrides } from "../read/ethCall.js";
import type { VaultLayout } from "../state/layout.js";
import { VAULT_MODES } from "../state/readRules.js";
import { addConditions, type Conditions } from "./conditions.js";
import { addFunds, type Funds, type Spending } from "./funds.js";

/** Of Multicall3. */
const CLOCK = [
  "function getBlockNumber() view returns (uint256)",
  "function getCurrentBlockTimestamp() view returns (uint256)",
].join("\n");

/** A call that another account would have to make first, as the owner's approval of his shares. */
export interface Grant {
  /** Checksummed, and not the account itself. */
  readonly from: string;
  readonly call: ContractCall<unknown>;
}

/** The very call of an operation, and what is to be known just before it. */
export interface OperationCall<T, B> {
  /** Who calls; checksummed. */
  account: string;
  call: ContractCall<T>;
  /** What the call takes from the account for the vault; nothing by default. */
  spendings?: readonly Spending[];
  /** What others would have to do first; it counts where the very call is refused without it. */
  grants?: readonly Grant[];
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
  { account, call, spendings = [], grants = [], before }: OperationCall<T, B>,
): Promise<Shot<T, B>> {
  const { address } = connection;
  const acts = at.as !== undefined;
  const batch = new Batch(at);
  const number = acts ? batch.add(interfaceCall<bigint>(interfaceOf(CLOCK), account, "getBlockNumber")) : null;
  const timestamp = acts
    ? batch.add(interfaceCall<bigint>(interfaceOf(CLOCK), account, "getCurrentBlockTimestamp"))
    : null;
  const conditions = addConditions(batch, address, layout);
  const own = before?.(batch);
  const funds = addFunds(batch, spendings, { account, spender: address, approve: acts });
  if (acts) for (const grant of grants) batch.add(grantCall(grant));
  const answer = acts ? batch.add(call) : null;
  const synced = acts ? batch.add(contractCall(contractAt(IHedgeVault__writes, address), "sync")) : null;
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

/** Whoever grants has Multicall3's code too, and does what the account tells him. */
function grantCall({ from, call }: Grant): ContractCall<void> {
  return { target: from, label: `${call.label} as ${from}`, data: encodeAggregate3([call]), decode: () => {} };
}

/** The account calls, and whoever has to grant something does what it tells him: all of them have Multicall3's code. */
export function actingAs<T, B>(
  at: ReadPoint,
  { account, grants = [] }: OperationCall<T, B>,
  code: string,
  overrides: StateOverrides = {},
): ReadPoint {
  const granting = Object.fromEntries(grants.map(({ from }) => [from, { code }]));
  return { ...at, as: { address: account, code }, overrides: { ...overrides, ...granting } };
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
