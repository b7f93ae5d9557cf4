import type { LaneContext } from "./context.js";
import { type Fees, firstFees, priceCap } from "./fees.js";
import type { LaneIntent, Outlook } from "./lane.js";
import { type LaneReason, outOfGas } from "./reasons.js";

/** What a new transaction is signed with. */
export interface Terms {
  readonly nonce: number;
  readonly gasLimit: bigint;
  readonly fees: Fees;
}

/** Nonce and fees of a new transaction, or why there shall be none now. */
export async function prepare(
  context: LaneContext,
  intent: LaneIntent,
  gasLimit: bigint,
  outlook: Outlook,
): Promise<Terms | LaneReason> {
  const { journal, chainId, signer, config, nativeUsd, listener } = context;
  const { head, market, used, pending, balance } = outlook;
  listener.gas?.({ balanceWei: balance });
  if (head.timestamp > intent.deadline) return { code: "deadlinePast", message: "Its deadline is over." };
  if (pending > used) {
    if (!(await knowsAll(context, used, pending))) listener.foreign?.();
    const message = `${pending - used} transactions of ${signer} wait that the journal does not know.`;
    return { code: "foreignPending", message };
  }
  if (
    (await journal.attemptsOfNonce(chainId, signer, used)).some(
      ({ status }) => status === "final" || status === "replaced",
    )
  ) {
    const message = `The node says nonce ${used} is free; the journal saw it used for good. A devnet that was started anew needs a journal of its own: move the old storage away, or name a new one with --storage. Otherwise compare the node with another one.`;
    return { code: "nodeBehind", message };
  }
  if (market === null)
    return { code: "legacyChain", message: "The chain has no base fee; only EIP-1559 is supported." };
  const worth = { kind: intent.kind, urgent: intent.urgent ?? false, notional: intent.notional ?? null };
  const cap = priceCap(worth, gasLimit, nativeUsd(), config.fees);
  const fees = firstFees(market, cap, config);
  if (fees === null) {
    const asked = market.baseFee + market.priority;
    return { code: "feeAboveCap", message: `Gas costs ${asked} wei a unit; more than ${cap} is not paid for this.` };
  }
  if (balance < gasLimit * fees.maxFee) return outOfGas(signer, balance, gasLimit * fees.maxFee);
  return { nonce: used, gasLimit, fees };
}

/** One of our own may have been mined since the node was asked. */
async function knowsAll({ journal, chainId, signer }: LaneContext, used: number, pending: number): Promise<boolean> {
  const nonces = Array.from({ length: pending - used }, (_, i) => used + i);
  const attempts = await Promise.all(nonces.map((nonce) => journal.attemptsOfNonce(chainId, signer, nonce)));
  return attempts.every(({ length }) => length > 0);
}
