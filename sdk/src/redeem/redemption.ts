import { checkAddress } from "../address.js";
import type { Connection } from "../connection.js";
import { Batch } from "../read/batch.js";
import { pinBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import type { VaultLayout } from "../state/layout.js";
import { formatToken } from "../units.js";
import type { Redemption } from "./types.js";

/** Requests are fungible: there is one id. */
export const REQUEST_ID = 0n;

/** Where an account stands in the queue, at the latest block. */
export async function readRedemption(
  { vault, queue, provider, multicall }: Connection,
  layout: VaultLayout,
  account: string,
): Promise<Redemption> {
  const controller = checkAddress(account, "controller");
  const block = await pinBlock(provider);
  const batch = new Batch({ provider, multicall, blockNumber: block.number });
  const pending = batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, controller));
  const claimable = batch.add(contractCall(queue, "maxRedeem", controller));
  const claimableAssets = batch.add(contractCall(queue, "maxWithdraw", controller));
  const waiting = batch.add(contractCall(queue, "waiting"));
  const settings = batch.add(contractCall(vault, "settings"));
  await batch.send();
  const waits = pending.value() > 0n;
  const since = Number(waiting.value().since);
  const standing = {
    controller,
    pending: pending.value(),
    claimable: claimable.value(),
    claimableAssets: claimableAssets.value(),
    waitingSince: waits ? since : null,
    anybodyMaySettleAt: waits ? since + Number(settings.value().maxWait) : null,
  };
  return { ...standing, nextStep: nextStepOf(standing, layout, block.timestamp) };
}

function nextStepOf(standing: Omit<Redemption, "nextStep">, layout: VaultLayout, now: number): string {
  const { pending, claimable, claimableAssets, anybodyMaySettleAt } = standing;
  const asset = layout.assets.find(({ address }) => address === layout.settlementToken);
  const steps: string[] = [];
  if (claimable > 0n) {
    const paid = asset ? `${formatToken(claimableAssets, asset.decimals)} ${asset.symbol}` : `${claimableAssets} units`;
    steps.push(`Call claim() to be paid ${paid}.`);
  }
  if (pending > 0n && anybodyMaySettleAt !== null) {
    steps.push(
      now > anybodyMaySettleAt
        ? "Wait for a settlement, or call settle(): the queue has waited so long that anybody may."
        : `Wait for the keeper to settle; anybody may after ${new Date(anybodyMaySettleAt * 1_000).toISOString()}.`,
      "cancelRedeemRequest() gives unfilled shares back, and exitInKind() takes them along.",
    );
  }
  return steps.join(" ") || "Nothing waits and nothing can be claimed. requestRedeem() joins the queue.";
}
