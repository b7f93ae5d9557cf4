import { keccak256, type Provider, type Transaction, type TransactionRequest } from "ethers";
import { minedTwin } from "./minedBy.js";

/** What is sent: addressed, and of one account. */
export interface Request extends TransactionRequest {
  readonly from: string;
  readonly to: string;
  readonly data: string;
}

/** A transaction that a node or a wallet has accepted. */
export interface Broadcast {
  readonly hash: string;
  /** Null where the wallet chose it and no node has shown it yet. */
  readonly nonce: number | null;
  /** How many transactions of the account were mined before. */
  readonly since: number;
  /** What it asks of whom. */
  readonly request: Pick<Request, "from" | "to" | "data">;
}

/** A transaction that may have been sent. */
export interface Unsure {
  readonly request: Request;
  /** How many transactions of the account were mined before. */
  readonly since: number;
  /** Null where a wallet signs: its hash is not known then. */
  readonly signed: Transaction | null;
}

/**
 * The transaction where it was sent after all, or is now; null where it is not to be found.
 *
 * @param resend Whether to send signed bytes again that no node knows: the same bytes are never mined twice
 */
export async function lookFor(
  provider: Provider,
  { request, since, signed }: Unsure,
  { resend }: { resend: boolean },
): Promise<Broadcast | null> {
  if (signed === null) {
    const twin = await minedTwin(provider, request, since);
    return twin === null ? null : { hash: twin.hash, nonce: twin.nonce, since, request };
  }
  const standing = toBroadcast(signed, { request, since });
  if ((await provider.getTransaction(standing.hash)) !== null) return standing;
  if (!resend || (await provider.getTransactionCount(request.from)) > signed.nonce) return null;
  await provider.broadcastTransaction(signed.serialized);
  return standing;
}

/** A signed transaction as one that was sent. */
export function toBroadcast({ serialized, nonce }: Transaction, of: Pick<Unsure, "request" | "since">): Broadcast {
  return { hash: keccak256(serialized), nonce, ...of };
}
