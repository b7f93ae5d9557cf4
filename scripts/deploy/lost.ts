import { type EIP1193Provider, trackTransaction } from "@nomicfoundation/ignition-core";
import type { Provider } from "ethers";
import { UsageError } from "../errors.js";

/** Number of Hardhat's error for a nonce that was used by a transaction whose hash is not in the journal. */
const TRANSACTION_LOST = 10_410;

/** The nonce of a transaction that reached the chain although its sender died before he could note its hash. */
export function lostNonce(error: unknown): number | undefined {
  const { number, messageArguments } = error as { number?: number; messageArguments?: { nonce?: unknown } };
  return number === TRANSACTION_LOST ? Number(messageArguments?.nonce) : undefined;
}

/** Find that transaction on the chain and note its hash. */
export async function recover(
  { journal, sender, nonce, since }: { journal: string; sender: string; nonce: number; since: number },
  provider: Provider,
  rpc: EIP1193Provider,
): Promise<string> {
  const hash = await findByNonce(sender, nonce, since, provider);
  if (hash === undefined) {
    throw new UsageError(
      `Transaction ${nonce} of ${sender} was sent, but is in no block that the node can tell of.`,
      "If it is pending, wait for it; if it was long ago, use a node with an archive. Then run the same command again.",
    );
  }
  const unfinished = await trackTransaction(journal, hash, rpc);
  if (typeof unfinished === "string") {
    throw new UsageError(
      `Transaction ${nonce} of ${sender} is not this deployment's.`,
      "Run the command again, and send nothing else from this account meanwhile.",
    );
  }
  return hash;
}

/** The block in which the account's count passes a nonce has the transaction. */
async function findByNonce(sender: string, nonce: number, since: number, provider: Provider) {
  let [low, high] = [since, await provider.getBlockNumber()];
  if ((await provider.getTransactionCount(sender, high)) <= nonce) return undefined;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const count = await provider.getTransactionCount(sender, middle).catch(() => undefined);
    if (count === undefined) return undefined;
    if (count > nonce) high = middle;
    else low = middle + 1;
  }
  const block = await provider.getBlock(low, true);
  return block?.prefetchedTransactions.find((sent) => sent.from === sender && sent.nonce === nonce)?.hash;
}
