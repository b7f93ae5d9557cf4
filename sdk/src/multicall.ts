import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { revertError } from "./errors/describeRevert.js";
import { revertOf } from "./errors/revert.js";
import { toCrosshedgeError } from "./errors/toCrosshedgeError.js";
import { decodeAggregate3, encodeAggregate3, type RawAnswer } from "./read/aggregate3.js";
import type { ContractCall } from "./read/call.js";
import { type CallPoint, ethCall, type StateOverrides } from "./read/ethCall.js";

/** Multicall3 has this address on most chains. */
export const MULTICALL3_ADDRESS = "0xcA11bde05977b3631167028862bE2a173976CA11";

/** The answer of one call in a batch: its value, or why it failed. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; error: CrosshedgeError };

/** Where a batch reads. */
export interface ReadPoint extends CallPoint {
  /** A Multicall3; without it the calls go out in parallel, each pinned to the same block. */
  multicall?: string | undefined;
  /** The account that calls, with Multicall3's code for its own while they last: each call sees what those before it did. */
  as?: { address: string; code: string } | undefined;
  /** What is different for as long as they last. */
  overrides?: StateOverrides | undefined;
}

/** The answers of a tuple of calls. */
export type Outcomes<T extends readonly ContractCall<unknown>[]> = {
  -readonly [I in keyof T]: T[I] extends ContractCall<infer V> ? Outcome<V> : never;
};

function failed(call: ContractCall<unknown>, cause: CrosshedgeError): Outcome<never> {
  const { revert, nextStep } = cause;
  const details = revert === undefined ? { cause } : { cause, revert, nextStep };
  return {
    ok: false,
    error: new CrosshedgeError("READ_FAILED", `${call.label} failed: ${cause.shortMessage}`, details),
  };
}

function toOutcome(call: ContractCall<unknown>, { success, returnData }: RawAnswer): Outcome<unknown> {
  if (!success) return failed(call, revertError(revertOf(returnData)));
  try {
    return { ok: true, value: call.decode(returnData) };
  } catch (caught) {
    return failed(call, toCrosshedgeError(caught));
  }
}

async function aggregate(
  at: ReadPoint,
  multicall: string,
  overrides: StateOverrides,
  calls: readonly ContractCall<unknown>[],
): Promise<RawAnswer[]> {
  const answer = await ethCall(at, { to: multicall, data: encodeAggregate3(calls) }, overrides);
  if (answer === "0x") {
    throw new CrosshedgeError("BAD_ARGUMENT", `There is no Multicall3 at ${multicall} in block ${at.blockNumber}.`, {
      nextStep: "Read a later block, or connect without `multicall`.",
    });
  }
  return decodeAggregate3(answer, calls.length);
}

/** A revert is an answer; a node that does not answer is an error of the whole batch. */
async function single(at: ReadPoint, call: ContractCall<unknown>): Promise<Outcome<unknown>> {
  let returnData: string;
  try {
    returnData = await ethCall(at, { to: call.target, data: call.data }, at.overrides);
  } catch (caught) {
    const error = toCrosshedgeError(caught);
    if (error.revert === undefined && error.code !== "REVERTED") throw error;
    return failed(call, error);
  }
  return toOutcome(call, { success: true, returnData });
}

/**
 * Many reads of one block, as one `eth_call` through Multicall3 where its address is given.
 *
 * @returns One outcome a call, in order; a call that reverts does not hurt the others.
 * @throws {CrosshedgeError} NETWORK and the like, when the node does not answer.
 */
export async function multicall<const T extends readonly ContractCall<unknown>[]>(
  at: ReadPoint,
  calls: T,
): Promise<Outcomes<T>> {
  if (calls.length === 0) return [] as Outcomes<T>;
  try {
    const aggregator = at.as?.address ?? at.multicall;
    if (aggregator === undefined) {
      return (await Promise.all(calls.map((call) => single(at, call)))) as Outcomes<T>;
    }
    const overrides = { ...at.overrides, ...(at.as ? { [at.as.address]: { code: at.as.code } } : {}) };
    const answers = await aggregate(at, aggregator, overrides, calls);
    return calls.map((call, index) => toOutcome(call, answers[index] as RawAnswer)) as Outcomes<T>;
  } catch (caught) {
    throw toCrosshedgeError(caught);
  }
}
