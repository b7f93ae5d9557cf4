import { decodeError } from "@crosshedge/sdk";
import { classifyRpcError } from "../rpc/classify.js";
import type { Intent } from "../store/journal.js";
import type { LaneContext } from "./context.js";

/** Why a mined call failed, as its block's parent tells it; what it can say at least where no node has that state any more. */
export async function revertReason(
  { provider, signer }: LaneContext,
  { target, data, gas_limit }: Intent,
  block: number,
): Promise<string> {
  const call = { from: signer, to: target, data, gasLimit: BigInt(gas_limit), blockTag: block - 1 };
  try {
    await provider.call(call);
  } catch (error) {
    if (classifyRpcError(error).meaning === "revert") return decodeError(error).shortMessage;
  }
  return "The chain refused it, and no longer says why.";
}
