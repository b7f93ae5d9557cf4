import type { Eip1193Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ErrorCode } from "../errors/codes.js";
import { decodeError } from "../errors/decodeError.js";

/** What `wallet_getCapabilities` says of one chain; "ready": the wallet can once its user agrees to upgrade the account. */
interface Capabilities {
  readonly atomic?: { readonly status?: string };
}

/** What `wallet_getCallsStatus` answers. */
export interface CallsStatus {
  /** 1xx pending, 200 done, 400 never sent, 500 reverted, 600 reverted in part. */
  readonly status: number;
  /** `logs` are those of these calls alone, also where others share the transaction. */
  readonly receipts?: readonly {
    readonly logs: readonly { readonly address: string; readonly data: string; readonly topics: readonly string[] }[];
    readonly transactionHash: string;
  }[];
}

const NEXT_STEP = "Use `send` with the wallet's signer, or `batchOf` with the wallet's own library.";

/** EIP-5792's and JSON-RPC's codes that tell what EIP-1193's do not. */
const REFUSALS: Record<string, [ErrorCode, string]> = {
  "4100": ["WRONG_ACCOUNT", "The wallet does not let this page use the account."],
  "4200": ["UNSUPPORTED", "The wallet does not take batches of calls (EIP-5792)."],
  "-32004": ["UNSUPPORTED", "The wallet does not take batches of calls (EIP-5792)."],
  "-32601": ["UNSUPPORTED", "The wallet does not take batches of calls (EIP-5792)."],
  "5700": ["UNSUPPORTED", "The wallet lacks a capability that was asked for."],
  "5710": ["WRONG_CHAIN", "The wallet does not know the chain of the preparation."],
  "5740": ["UNSUPPORTED", "The batch is too large for the wallet."],
  "5750": ["USER_REJECTED", "The upgrade of the account was rejected in the wallet."],
  "5760": ["UNSUPPORTED", "The wallet cannot send several calls as one."],
};
/** The wallet does not know a batch of this id; it knows one already. */
const UNKNOWN_ID = 5730;
const KNOWN_ID = 5720;

function codeOf(caught: unknown): unknown {
  const { code, info, error } = (caught ?? {}) as { code?: unknown; info?: unknown; error?: unknown };
  return typeof code === "number" ? code : (codeOfInner(info) ?? codeOfInner(error));
}

function codeOfInner(value: unknown): unknown {
  return typeof value === "object" && value !== null ? codeOf(value) : undefined;
}

async function ask(wallet: Eip1193Provider, method: string, params: unknown[]): Promise<unknown> {
  try {
    return await wallet.request({ method, params });
  } catch (caught) {
    const [code, message] = REFUSALS[String(codeOf(caught))] ?? [];
    if (code === undefined || message === undefined) throw caught;
    throw new CrosshedgeError(code, message, {
      cause: caught,
      ...(code === "UNSUPPORTED" ? { nextStep: NEXT_STEP } : {}),
    });
  }
}

/**
 * Whether the wallet sends several calls as one on a chain.
 *
 * @throws {CrosshedgeError} UNSUPPORTED where it does not know EIP-5792
 */
export async function isAtomic(wallet: Eip1193Provider, account: string, chainId: string): Promise<boolean> {
  const answer = (await ask(wallet, "wallet_getCapabilities", [account, [chainId]])) ?? {};
  const byChain = Object.entries(answer as Record<string, Capabilities>);
  const on = (id: bigint) => byChain.find(([key]) => /^0x[0-9a-f]+$/i.test(key) && BigInt(key) === id)?.[1];
  const { status } = (on(BigInt(chainId)) ?? on(0n))?.atomic ?? {};
  return status === "supported" || status === "ready";
}

/** Hands a batch over; a wallet that has one of this id takes no second one. */
export async function submitCalls(
  wallet: Eip1193Provider,
  request: { readonly id: string } & Record<string, unknown>,
): Promise<string> {
  try {
    const answer = (await ask(wallet, "wallet_sendCalls", [request])) as { id?: string } | string | null;
    return (typeof answer === "string" ? answer : answer?.id) ?? request.id;
  } catch (caught) {
    if (codeOf(caught) === KNOWN_ID) return request.id;
    throw decodeError(caught);
  }
}

/** What became of a batch; null where the wallet does not know it. */
export async function statusOfCalls(wallet: Eip1193Provider, id: string): Promise<CallsStatus | null> {
  try {
    return (await ask(wallet, "wallet_getCallsStatus", [id])) as CallsStatus;
  } catch (caught) {
    if (codeOf(caught) === UNKNOWN_ID) return null;
    throw decodeError(caught);
  }
}
