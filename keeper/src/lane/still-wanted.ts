import type { Provider } from "ethers";
import { classifyRpcError } from "../rpc/classify.js";
import type { Intent } from "../store/journal.js";
import { NoAnswerError } from "./no-answer-error.js";

/** Whether the chain would take an intent's call at its latest block: a plan of an epoch that is over it refuses. */
export async function wouldPass(
  provider: Provider,
  signer: string,
  { target, data }: Pick<Intent, "target" | "data">,
): Promise<boolean> {
  try {
    await provider.call({ from: signer, to: target, data });
    return true;
  } catch (error) {
    if (classifyRpcError(error).meaning === "revert") return false;
    throw new NoAnswerError(error);
  }
}
