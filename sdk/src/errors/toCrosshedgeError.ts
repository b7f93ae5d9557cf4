import { CrosshedgeError } from "./CrosshedgeError.js";
import type { ErrorCode } from "./codes.js";
import { revertError } from "./describeRevert.js";
import { chainOf, findRevert } from "./revertData.js";

const REJECTED: Known = ["USER_REJECTED", "The request was rejected in the wallet."];
const NO_METHOD: Known = ["UNSUPPORTED", "The signer or provider does not support the operation."];
const OTHER_CHAIN: Known = ["WRONG_CHAIN", "The wallet is on another chain, or does not know this one."];
const NO_ANSWER: Known = ["NETWORK", "The node did not answer in time."];
const TOO_MANY: Known = ["NETWORK", "The node takes no more requests for now."];
const USED_NONCE: Known = ["NONCE_CONFLICT", "The nonce was used already."];
const UNDERPRICED: Known = ["NONCE_CONFLICT", "A pending transaction has this nonce and pays more."];
const NO_GAS_MONEY: Known = ["INSUFFICIENT_FUNDS", "The account cannot pay for gas."];

/** Codes of ethers, wallets (EIP-1193, EIP-5792), JSON-RPC and Node's sockets, by what they mean to a caller. */
const CODES: Readonly<Record<string, Known>> = {
  ACTION_REJECTED: REJECTED,
  "4001": REJECTED,
  "5000": REJECTED,
  "5750": REJECTED,
  "4100": ["WALLET_BUSY", "The wallet has not let this site use the account."],
  "-32002": ["WALLET_BUSY", "The wallet has an older request that waits for an answer."],
  "4200": NO_METHOD,
  "5700": NO_METHOD,
  "5760": NO_METHOD,
  "-32601": NO_METHOD,
  UNSUPPORTED_OPERATION: NO_METHOD,
  "4901": OTHER_CHAIN,
  "4902": OTHER_CHAIN,
  "5710": OTHER_CHAIN,
  INSUFFICIENT_FUNDS: NO_GAS_MONEY,
  NONCE_EXPIRED: USED_NONCE,
  REPLACEMENT_UNDERPRICED: UNDERPRICED,
  TRANSACTION_REPLACED: ["TRANSACTION_REPLACED", "The transaction was replaced by another one."],
  INVALID_ARGUMENT: ["BAD_ARGUMENT", "An argument was refused."],
  NETWORK_ERROR: ["NETWORK", "The node could not be reached."],
  "4900": ["NETWORK", "The wallet has lost its connection."],
  SERVER_ERROR: ["NETWORK", "The node answered with an error."],
  "-32005": TOO_MANY,
  TIMEOUT: NO_ANSWER,
  ETIMEDOUT: NO_ANSWER,
  ECONNREFUSED: ["NETWORK", "The node refused the connection."],
  ECONNRESET: ["NETWORK", "The node closed the connection."],
  ENOTFOUND: ["NETWORK", "The node's host was not found."],
  BAD_DATA: ["READ_FAILED", "The answer was not what the contract returns."],
  CALL_EXCEPTION: ["REVERTED", "The call reverted without a reason."],
};

/** What nodes and wallets say where they have no code for it. */
const SAYINGS: readonly (readonly [RegExp, Known])[] = [
  [/user (rejected|denied|cancell?ed)|rejected by user/i, REJECTED],
  [/insufficient ?funds|n[o']t have enough funds|not enough funds|upfront cost exceeds|cause overdraft/i, NO_GAS_MONEY],
  [/nonce too low/i, USED_NONCE],
  [/underpriced/i, UNDERPRICED],
  [/rate limit|too many requests/i, TOO_MANY],
  [/header not found|unknown block/i, ["NETWORK", "The node does not have that block yet."]],
  [/missing trie node/i, ["READ_FAILED", "The node does not keep the state of that block."]],
  [/unrecognized chain/i, OTHER_CHAIN],
];

type Known = readonly [ErrorCode, string];

function byCode(links: readonly unknown[]): Known | undefined {
  for (const link of links) {
    const key = String((link as { code?: unknown }).code);
    if (Object.hasOwn(CODES, key)) return CODES[key];
  }
  return undefined;
}

function bySaying(links: readonly unknown[]): Known | undefined {
  const text = links.map((link) => String((link as { message?: unknown }).message ?? "")).join("\n");
  return SAYINGS.find(([like]) => like.test(text))?.[1];
}

/** Any caught value as a {@link CrosshedgeError}, decoded with what is known of errors. */
export function toCrosshedgeError(error: unknown): CrosshedgeError {
  if (CrosshedgeError.is(error)) return error;
  const revert = findRevert(error);
  if (revert !== undefined) return revertError(revert, error);
  const links = chainOf(error);
  const [code, shortMessage] = bySaying(links) ?? byCode(links) ?? unknown(error);
  return new CrosshedgeError(code, shortMessage, { cause: error });
}

function unknown(error: unknown): Known {
  return [
    "UNKNOWN",
    `Something unexpected was caught: ${(error as Error | null | undefined)?.message ?? String(error)}`,
  ];
}
