import type { Eip1193Provider } from "ethers";
import { decodeError } from "../errors/decodeError.js";
import type { Prepared } from "../prepare/prepared.js";
import { sentOf } from "./finish.js";
import type { CallsOptions, SentCalls } from "./stages.js";
import { waitForCalls } from "./waitForCalls.js";

/**
 * Waits for a batch that was submitted before, by this page or another one, and reads what it did.
 *
 * @param prepared A preparation of the same operation on the same vault; it need not be the one that was sent
 * @param id As the stage "submitted" told it
 * @throws {CrosshedgeError} READ_FAILED where the wallet does not know it, TRANSACTION_FAILED, WRONG_CHAIN, ABORTED, EVENT_MISSING
 *
 * @example
 * const { shares } = await resumeCalls(prepared, id, window.ethereum);
 */
export async function resumeCalls<R extends object>(
  prepared: Pick<Prepared<unknown, R>, "resultOf" | "chainId">,
  id: string,
  wallet: Eip1193Provider,
  options: CallsOptions<R> = {},
): Promise<SentCalls<R>> {
  try {
    options.onStage?.({ stage: "submitted", id });
    const receipt = await waitForCalls(wallet, { id, chainId: prepared.chainId }, options);
    options.onStage?.({ stage: "mined", receipt });
    const sent = { ...sentOf(prepared, receipt), id };
    options.onStage?.({ stage: "done", sent });
    return sent;
  } catch (caught) {
    throw decodeError(caught);
  }
}
