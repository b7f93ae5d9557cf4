import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { IHedgeVault__writes } from "../generated/abi.js";
import type { Outcome, ReadPoint } from "../multicall.js";
import { encodeAggregate3 } from "../read/aggregate3.js";
import { Batch } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { type ContractCall, contractCall } from "../read/call.js";
import { addClock } from "../read/clock.js";
import { contractAt } from "../read/contractAt.js";
import { ethCall, type StateOverrides } from "../read/ethCall.js";
import type { VaultLayout } from "../state/layout.js";
import { addBasics } from "../state/readBasics.js";
import { VAULT_MODES } from "../state/readRules.js";
import type { Conditions } from "./conditions.js";
import { addFunds, type Funds, type Spending } from "./funds.js";

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
  /** True where it is known to be of a block. */
  isOf(block: PinnedBlock): boolean;
  /** The vault's Rebalancer. Where it is not the layout's, the conditions are not to be used. */
  rebalancer: string;
  conditions(block: PinnedBlock): Conditions;
  before: B;
  funds: Funds[];
  /** What the call answered, approvals included; null where it was not made. */
  outcome: Outcome<T> | null;
}

/** The vault, as far as an operation needs to know it. */
export type Source = { connection: Connection; layout: VaultLayout };

/** What the call itself said, without the wrapping of a batch. */
function unwrapped<T>(outcome: Outcome<T>): Outcome<T> {
  if (outcome.ok || !CrosshedgeError.is(outcome.error.cause)) return outcome;
  return { ok: false, error: outcome.error.cause };
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
  const batch = new Batch(at.as ? { ...at, overrides: { ...at.overrides, ...granting(grants, at.as.code) } } : at);
  const isOf = acts ? addClock(batch, account) : () => false;
  const basics = addBasics(batch, address, layout);
  const own = before?.(batch);
  const funds = addFunds(batch, spendings, { account, spender: address, approve: acts });
  if (acts) for (const grant of grants) batch.add(grantCall(grant));
  const answer = acts ? batch.add(call) : null;
  const synced = acts ? batch.add(contractCall(contractAt(IHedgeVault__writes, address), "sync")) : null;
  await batch.send();
  const { rebalancer, state } = basics();
  const mode = synced?.orNull() ?? null;
  const modeAfterSync = mode === null ? null : (VAULT_MODES[Number(mode)] ?? "Closed");
  return {
    isOf,
    rebalancer,
    conditions: (block) => ({ ...state(), block, modeAfterSync }),
    before: own?.() as B,
    funds: funds(),
    outcome: answer && unwrapped(answer.outcome()),
  };
}

/** Whoever grants has Multicall3's code too, and does what the account tells him. */
function grantCall({ from, call }: Grant): ContractCall<void> {
  return { target: from, label: `${call.label} as ${from}`, data: encodeAggregate3([call]), decode: () => {} };
}

/** The code that accounts shall have so that grants can be made. */
function granting(grants: readonly Grant[], code: string): StateOverrides {
  return Object.fromEntries(grants.map(({ from }) => [from, { code }]));
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
