import type { Provider, TransactionResponse } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { Prepared } from "../prepare/prepared.js";
import { checkAborted, pause } from "./abort.js";
import { checkChain } from "./checkTerms.js";
import { finish } from "./finish.js";
import type { SendOptions, Sent } from "./stages.js";

/** Looks after which a node is taken not to know a transaction. */
const MOST_LOOKS = 10;

/**
 * Waits for a transaction that was sent before, of this page or another one, and reads what it did.
 *
 * @param prepared A preparation of the same operation on the same vault; it need not be the one that was sent
 * @param hash As an error or the stage "broadcast" told it
 * @throws {CrosshedgeError} READ_FAILED where the node does not know it; TRANSACTION_FAILED, TRANSACTION_REPLACED, WRONG_CHAIN, ABORTED,
 * EVENT_MISSING
 *
 * @example
 * const { shares } = await resume(prepared, hash, provider);
 */
export async function resume<R extends object>(
  prepared: Pick<Prepared<unknown, R>, "resultOf" | "chainId">,
  hash: string,
  provider: Provider,
  options: Pick<SendOptions<R>, "confirmations" | "pollingInterval" | "signal" | "onStage"> = {},
): Promise<Sent<R>> {
  try {
    await checkChain(provider, prepared.chainId);
    const { from, to, data, nonce } = await lookUp(provider, hash, options);
    const request = { from, to: to ?? "", data };
    return await finish({ prepared, provider, options }, { hash, nonce, since: nonce, request });
  } catch (caught) {
    throw decodeError(caught);
  }
}

async function lookUp(
  provider: Provider,
  hash: string,
  { pollingInterval = 1_000, signal }: Pick<SendOptions<object>, "pollingInterval" | "signal">,
): Promise<TransactionResponse> {
  for (let look = 0; look < MOST_LOOKS; look++) {
    checkAborted(signal, hash);
    const found = await provider.getTransaction(hash);
    if (found !== null) return found;
    await pause(pollingInterval, signal);
  }
  throw new CrosshedgeError("READ_FAILED", `The node does not know transaction ${hash}.`, {
    hash,
    nextStep: "Look at the wallet's activity: it may have been dropped, or sent again under another hash.",
  });
}
