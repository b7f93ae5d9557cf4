/** About the transaction, the call or the account: every healthy node would say the same. */
const OF_THE_REQUEST = [
  "alreadyKnown",
  "nonceTooLow",
  "nonceTooHigh",
  "underpricedReplacement",
  "feeTooLow",
  "poolFull",
  "insufficientFunds",
  "gasLimit",
  "revert",
  "invalid",
] as const;

/** This node cannot answer this question, but it lives. */
const OF_THE_QUESTION = ["rangeTooLarge", "batchTooLarge", "staleBlock", "unsupported", "unknown"] as const;

/** The endpoint itself is at fault. */
const OF_THE_ENDPOINT = ["rateLimited", "unauthorized", "unavailable", "garbage", "wrongChain"] as const;

/** All that an error of a node can mean. */
export const MEANINGS = [...OF_THE_REQUEST, ...OF_THE_QUESTION, ...OF_THE_ENDPOINT] as const;

/**
 * - alreadyKnown: the node has this very transaction
 * - nonceTooLow: a transaction with this nonce is mined; look every hash up
 * - nonceTooHigh: one with a lower nonce is missing
 * - underpricedReplacement: another one with this nonce waits, and pays too much to be replaced by this one
 * - feeTooLow: below the base fee, or what the node or the pool asks at least
 * - poolFull: no room for it now
 * - insufficientFunds: the account cannot pay
 * - gasLimit: too low for what it does, or above what a block or the node allows
 * - revert: the contract refused
 * - invalid: malformed, or never acceptable
 * - rangeTooLarge, batchTooLarge: to be asked in smaller parts
 * - staleBlock: the node does not know the block, or its state, or it is not on its chain any more
 * - unsupported: the node does not have the method
 * - unknown: nothing above
 * - rateLimited, unauthorized, unavailable, garbage, wrongChain: as they say, of the endpoint
 */
export type Meaning = (typeof MEANINGS)[number];

/** What a node, or the way to it, meant. */
export interface RpcFault {
  readonly meaning: Meaning;
  /** In the node's words, without addresses and keys. */
  readonly message: string;
  /** The JSON-RPC or socket code. */
  readonly code: number | string | null;
  /** The HTTP status, where it was not 200. */
  readonly status: number | null;
  /** What a contract reverted with, 0x hex. */
  readonly data: string | null;
  /** How long the node asks to be left alone, milliseconds. */
  readonly retryAfterMs: number | null;
}

const ENDPOINT_FAULTS: ReadonlySet<Meaning> = new Set(OF_THE_ENDPOINT);
const REQUEST_FAULTS: ReadonlySet<Meaning> = new Set(OF_THE_REQUEST);

/** True where the endpoint is to be left alone for a while; never for what an application did wrong. */
export function isEndpointFault(meaning: Meaning): boolean {
  return ENDPOINT_FAULTS.has(meaning);
}

/** True for an error that is an answer: another node would say the same. */
export function isAnswer(meaning: Meaning): boolean {
  return REQUEST_FAULTS.has(meaning);
}

/** A fault that was found here, not told by a node. */
export function faultOf(meaning: Meaning, message: string, details: Partial<RpcFault> = {}): RpcFault {
  return { meaning, message, code: null, status: null, data: null, retryAfterMs: null, ...details };
}
