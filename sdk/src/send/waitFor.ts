import type { Provider, TransactionReceipt } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { checkAborted, pause } from "./abort.js";
import { checkChain } from "./checkTerms.js";
import { isSameCall, minedTwin, minedWithNonce } from "./minedBy.js";
import type { WaitOptions } from "./stages.js";
import type { Broadcast } from "./unsure.js";

/** Looks in a row that may fail before the wait is given up. */
const MOST_FAILURES = 5;

/** What was broadcast, and how to wait for it. */
export interface Wait extends WaitOptions {
  readonly broadcast: Broadcast;
  /** The chain that it was sent on. */
  readonly chainId: bigint;
  readonly onRepriced: (hash: string, by: string) => void;
}

/**
 * Waits until a transaction is mined, or another one that a wallet put in its place to pay another price.
 *
 * @throws {CrosshedgeError} TRANSACTION_FAILED, TRANSACTION_REPLACED, WRONG_CHAIN, ABORTED, NETWORK; each with the hash
 */
export async function waitFor(provider: Provider, wait: Wait): Promise<TransactionReceipt> {
  const { confirmations = 1, pollingInterval = 1_000, signal } = wait;
  let current = wait.broadcast;
  for (let failures = 0; ; await pause(pollingInterval, signal)) {
    checkAborted(signal, current.hash);
    try {
      const receipt = await provider.getTransactionReceipt(current.hash);
      if (receipt === null) {
        const next = await follow(provider, current, wait.chainId);
        if (next.hash !== current.hash) wait.onRepriced(current.hash, next.hash);
        current = next;
      } else if (receipt.status === 0) {
        throw await failureOf(provider, receipt, current);
      } else if (confirmations <= 1 || (await receipt.confirmations()) >= confirmations) {
        return receipt;
      }
      failures = 0;
    } catch (caught) {
      const error = decodeError(caught);
      failures += 1;
      if (error.code !== "NETWORK" || failures >= MOST_FAILURES) throw withHash(error, current.hash);
    }
  }
}

/** The error with the hash of what was broadcast, so that nothing is lost. */
export function withHash(error: CrosshedgeError, hash: string): CrosshedgeError {
  if (error.hash !== undefined) return error;
  const { code, shortMessage, nextStep, revert } = error;
  return new CrosshedgeError(code, shortMessage, {
    ...{ hash, nextStep, cause: error },
    ...(revert === undefined ? {} : { revert }),
  });
}

/** The same transaction, now with its nonce, or the one that a wallet has put in its place. */
async function follow(provider: Provider, current: Broadcast, chainId: bigint): Promise<Broadcast> {
  const { hash, since, request } = current;
  const nonce = current.nonce ?? (await provider.getTransaction(hash))?.nonce;
  if (nonce === undefined) {
    const twin = await minedTwin(provider, request, since);
    await checkChain(provider, chainId);
    return twin === null ? current : { ...current, hash: twin.hash, nonce: twin.nonce };
  }
  const mined = await minedWithNonce(provider, request.from, nonce);
  // What another chain says of the nonce is nothing.
  await checkChain(provider, chainId);
  if (mined === null || mined.hash === hash || isSameCall(mined, request)) {
    return { ...current, nonce, hash: mined?.hash ?? hash };
  }
  throw new CrosshedgeError(
    "TRANSACTION_REPLACED",
    `Transaction ${hash} was cancelled: ${mined.hash} took its nonce.`,
    {
      hash,
    },
  );
}

async function failureOf(provider: Provider, receipt: TransactionReceipt, { request }: Broadcast) {
  const { hash, blockNumber } = receipt;
  const { from, to, data } = request;
  const again = provider.call({ from, to, data, blockTag: blockNumber });
  const cause = await again.then(() => undefined, decodeError);
  const why = cause?.revert === undefined ? "" : ` ${cause.shortMessage}`;
  return new CrosshedgeError("TRANSACTION_FAILED", `Transaction ${hash} was mined and reverted.${why}`, {
    hash,
    ...(cause?.revert === undefined ? {} : { cause, revert: cause.revert }),
  });
}
