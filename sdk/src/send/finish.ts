import type { Provider, TransactionReceipt } from "ethers";
import { decodeError } from "../errors/decodeError.js";
import type { Prepared } from "../prepare/prepared.js";
import type { SendStage, Sent, WaitOptions } from "./stages.js";
import type { Broadcast } from "./unsure.js";
import { waitFor, withHash } from "./waitFor.js";

/** What is left to do once a transaction was broadcast. */
export interface Finish<R> {
  readonly prepared: Pick<Prepared<unknown, R>, "resultOf" | "chainId">;
  readonly provider: Provider;
  readonly options: WaitOptions & { readonly onStage?: (event: SendStage<R>) => void };
}

/** Waits for a transaction and reads what it did. */
export async function finish<R extends object>(
  { prepared, provider, options }: Finish<R>,
  broadcast: Broadcast,
): Promise<Sent<R>> {
  const tell = (event: SendStage<R>) => options.onStage?.(event);
  try {
    tell({ stage: "broadcast", hash: broadcast.hash });
    const onRepriced = (hash: string, by: string) => tell({ stage: "repriced", hash, by });
    const receipt = await waitFor(provider, { ...options, broadcast, chainId: prepared.chainId, onRepriced });
    tell({ stage: "mined", receipt });
    const sent = sentOf(prepared, receipt);
    tell({ stage: "done", sent });
    return sent;
  } catch (caught) {
    throw withHash(decodeError(caught), broadcast.hash);
  }
}

/** What a mined operation did, with the facts of its transaction. */
export function sentOf<R extends object>(
  prepared: Pick<Prepared<unknown, R>, "resultOf">,
  receipt: TransactionReceipt,
): Sent<R> {
  const { hash, blockNumber, gasUsed, gasPrice: effectiveGasPrice } = receipt;
  return { ...prepared.resultOf(receipt), hash, blockNumber, gasUsed, effectiveGasPrice };
}
