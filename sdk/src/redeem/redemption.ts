import { checkAddress } from "../address.js";
import { decoded } from "../errors/decoded.js";
import { IHedgeVault__views, IRedeemQueue__views } from "../generated/abi.js";
import { Batch } from "../read/batch.js";
import { type PinnedBlock, pinBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { VaultLayout } from "../state/layout.js";
import { latestBlock } from "../state/readBlock.js";
import { formatToken } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import type { Redemption } from "./types.js";

/** Requests are fungible: there is one id. */
export const REQUEST_ID = 0n;

/**
 * Where an account stands in the redemption queue at one block, and what to do next; one batch of requests.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, NETWORK
 * @example
 * const { pending, claimableAssets, nextStep } = await redemption(vault, account);
 */
export function redemption(
  vault: Pick<CrosshedgeVault, "connection" | "layout">,
  account: string,
  { block }: { block?: PinnedBlock | undefined } = {},
): Promise<Redemption> {
  return decoded(async () => readAt(vault, checkAddress(account, "account"), block));
}

async function readAt(
  vault: Pick<CrosshedgeVault, "connection" | "layout">,
  controller: string,
  given?: PinnedBlock,
): Promise<Redemption> {
  const { connection } = vault;
  const { provider, multicall } = connection;
  if (given === undefined && multicall !== undefined) {
    const batch = new Batch({ provider, multicall, blockNumber: "latest" });
    const settle = latestBlock(connection, multicall, batch);
    const standing = addStanding(batch, vault, controller);
    await batch.send();
    const settled = await settle();
    if (settled !== null) return standing(settled.block);
  }
  const block = given ?? (await pinBlock(provider));
  const batch = new Batch({ provider, multicall, blockNumber: block.number, blockHash: given?.hash ?? undefined });
  const standing = addStanding(batch, vault, controller);
  await batch.send();
  return standing(block);
}

function addStanding(
  batch: Batch,
  { connection, layout }: Pick<CrosshedgeVault, "connection" | "layout">,
  controller: string,
): (block: PinnedBlock) => Redemption {
  const queue = contractAt(IRedeemQueue__views, connection.address);
  const pending = batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, controller));
  const claimable = batch.add(contractCall(queue, "maxRedeem", controller));
  const claimableAssets = batch.add(contractCall(queue, "maxWithdraw", controller));
  const waiting = batch.add(contractCall(queue, "waiting"));
  const settings = batch.add(contractCall(contractAt(IHedgeVault__views, connection.address), "settings"));
  return (block) => {
    const waits = pending.value() > 0n;
    const since = Number(waiting.value().since);
    const standing = {
      block,
      controller,
      pending: pending.value(),
      claimable: claimable.value(),
      claimableAssets: claimableAssets.value(),
      waitingSince: waits ? since : null,
      anybodyMaySettleAt: waits ? since + Number(settings.value().maxWait) : null,
    };
    return { ...standing, nextStep: nextStepOf(standing, layout, block.timestamp) };
  };
}

function nextStepOf(standing: Omit<Redemption, "nextStep">, layout: VaultLayout, now: number): string {
  const { pending, claimable, claimableAssets, anybodyMaySettleAt } = standing;
  const asset = layout.assets.find(({ address }) => address === layout.settlementToken);
  const steps: string[] = [];
  if (claimable > 0n) {
    const paid = asset ? `${formatToken(claimableAssets, asset.decimals)} ${asset.symbol}` : `${claimableAssets} units`;
    steps.push(`Claim (prepareClaim) to be paid ${paid}.`);
  }
  if (pending > 0n && anybodyMaySettleAt !== null) {
    steps.push(
      now > anybodyMaySettleAt
        ? "Wait for a settlement, or settle (prepareSettle): the queue has waited so long that anybody may."
        : `Wait for the keeper to settle; anybody may after ${new Date(anybodyMaySettleAt * 1_000).toISOString()}.`,
      "prepareCancelRequest gives unfilled shares back, and prepareExitInKind takes them along.",
    );
  }
  return steps.join(" ") || "Nothing waits and nothing can be claimed. prepareRequestRedeem joins the queue.";
}
