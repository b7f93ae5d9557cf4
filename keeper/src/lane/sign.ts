import { getBytes, Transaction } from "ethers";
import { KeeperError } from "../errors.js";
import type { Route } from "../rpc/route.js";
import type { Intent, LaneHold, NewAttempt } from "../store/journal.js";
import type { LaneContext } from "./context.js";
import type { Fees } from "./fees.js";
import type { Step } from "./lane.js";
import { expiryOf } from "./routes.js";

/** One transaction to sign. */
export interface Draft {
  readonly intent: Pick<Intent, "id" | "target" | "data">;
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly fees: Fees;
  /** True for the empty transaction to oneself that cancels. */
  readonly cancels: boolean;
  readonly route: Route;
  /** Number of the latest block. */
  readonly head: number;
}

/**
 * Sign and write down, in this order and before anything is sent.
 *
 * @param written What is reported once it is written
 * @throws {LaneLostError} somebody else signs for the account now; nothing is written
 */
export async function sign(
  context: LaneContext,
  hold: LaneHold,
  draft: Draft,
  written: Step,
): Promise<NewAttempt & { expires_block: number | null; raw: Uint8Array }> {
  const { wallet, chainId, signer, journal, holder, step } = context;
  const { intent, nonce, gasLimit, fees, cancels, route, head } = draft;
  await holder.keep(hold);
  const raw = await wallet.signTransaction({
    ...{ type: 2, chainId, nonce, gasLimit, value: 0n },
    ...(cancels ? { to: signer, data: "0x" } : { to: intent.target, data: intent.data }),
    ...{ maxFeePerGas: fees.maxFee, maxPriorityFeePerGas: fees.priority },
  });
  const { hash, from } = Transaction.from(raw);
  if (hash === null || from?.toLowerCase() !== signer) {
    throw new KeeperError(`The key signs as ${from}, not as ${signer}.`, "Give the keeper the key of that account.");
  }
  await step("signed");
  const attempt = {
    ...{ hash, intent_id: intent.id, nonce, cancels, raw: getBytes(raw) },
    ...{ max_fee: fees.maxFee, max_priority_fee: fees.priority, route: route.name },
    expires_block: expiryOf(route, head),
  };
  await journal.addAttempt(hold, attempt);
  await step(written);
  return attempt;
}
