import type { Provider, TransactionResponse } from "ethers";
import type { FrozenTransaction } from "../prepare/prepared.js";

/** A run of one account does not send more than that many between two looks. */
const MOST_NONCES = 20;

/** The first block after which an account's count was above a nonce that it has used; found from the latest one backwards. */
async function blockOfNonce(provider: Provider, account: string, nonce: number): Promise<number> {
  const usedBy = async (block: number) => (await provider.getTransactionCount(account, block)) > nonce;
  let high = await provider.getBlockNumber();
  let low = high - 1;
  for (let step = 1; low >= 0 && (await usedBy(low)); step *= 2) {
    high = low;
    low = Math.max(high - step, -1);
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (await usedBy(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The mined transaction of an account with a nonce; null where the node does not show one yet. */
export async function minedWithNonce(
  provider: Provider,
  account: string,
  nonce: number,
): Promise<TransactionResponse | null> {
  if ((await provider.getTransactionCount(account)) <= nonce) return null;
  const block = await provider.getBlock(await blockOfNonce(provider, account, nonce), true);
  const isIt = ({ from, nonce: used }: TransactionResponse) => used === nonce && isSame(from, account);
  return block?.prefetchedTransactions.find(isIt) ?? null;
}

/** A mined transaction that did the same as one that was to be sent, with a nonce of `since` or above; null where there is none. */
export async function minedTwin(
  provider: Provider,
  transaction: Pick<FrozenTransaction, "from" | "to" | "data">,
  since: number,
): Promise<TransactionResponse | null> {
  const until = await provider.getTransactionCount(transaction.from);
  for (let nonce = since; nonce < Math.min(until, since + MOST_NONCES); nonce++) {
    const found = await minedWithNonce(provider, transaction.from, nonce);
    if (found !== null && isSameCall(found, transaction)) return found;
  }
  return null;
}

/** Whether two transactions ask the same of the same contract. */
export function isSameCall(one: TransactionResponse, other: Pick<FrozenTransaction, "to" | "data">): boolean {
  return one.to !== null && isSame(one.to, other.to) && isSame(one.data, other.data);
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
