import { checkAddress, checkReceiver } from "../address.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared, Warning } from "../prepare/prepared.js";
import { commonWarnings, warning } from "../prepare/warnings.js";
import { type QueueOutlook, queueOutlook } from "../queue/queueOutlook.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { formatPercent, ONE } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { addOwnersShares, checkShares, inWordsOfShares, ownersApproval, ownersGrants } from "./ownersShares.js";
import { type PaidForShares, paidDown } from "./paidDown.js";
import { queueOperation } from "./queueOperation.js";
import { REQUEST_ID } from "./redemption.js";

/** Which shares to put into the redemption queue. */
export interface RequestRedeemOptions {
  /** Who sends it. */
  account: string;
  /** Shares, 1e18. */
  shares: bigint;
  /** Who may claim or cancel; the account by default. */
  controller?: string;
  /** Whose shares; the account's by default. Another owner must approve the account, by allowance or as operator. */
  owner?: string;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** What a request would do, and what may come of it. */
export interface RequestRedeemPreview {
  /** Put into the queue, 1e18; they share gains and losses until they are filled. */
  readonly shares: bigint;
  readonly controller: string;
  readonly owner: string;
  /** What all of them would be paid at the prices of now, mid NAV less half its band. Null while nothing can be priced. */
  readonly atPricesOfNow: PaidForShares | null;
  /** Shares of all controllers that wait already, 1e18: every settlement fills the same part of all that are due. */
  readonly queued: bigint;
  /** Shares of this controller among them, 1e18. */
  readonly alreadyWaiting: bigint;
  /** What the queue can expect with this request in it: the part that the cash of now fills, what stands in the way, and the wait. */
  readonly outlook: QueueOutlook;
}

/** A request that was mined. */
export interface RequestRedeemResult {
  /** Put into the queue, 1e18. */
  readonly shares: bigint;
  readonly controller: string;
  readonly owner: string;
}

/**
 * Prepares to put shares into the queue, to be paid in the settlement token at prices of after the request.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, INSUFFICIENT_SHARES, WRONG_CHAIN, NETWORK and decoded reverts
 * @example
 * const prepared = await prepareRequestRedeem(vault, { account, shares: parseToken("10", 18) });
 * console.log(prepared.preview.atPricesOfNow, prepared.warnings);
 * await send(prepared, signer);
 */
export function prepareRequestRedeem(
  vault: CrosshedgeVault,
  options: RequestRedeemOptions,
): Promise<Prepared<RequestRedeemPreview, RequestRedeemResult>> {
  return decoded(async () => {
    const { shares, block } = options;
    const account = checkAddress(options.account, "account");
    const owner = checkAddress(options.owner ?? account, "owner");
    const controller = checkReceiver(options.controller ?? account, "controller", vault.address);
    checkShares(shares);
    const use = { account, owner, shares };
    // The state goes out beside the simulation.
    const seen = vault.readState(block === undefined ? {} : { block });
    seen.catch(() => undefined);
    return queueOperation(vault, {
      operation: "requestRedeem",
      account,
      call: contractCall(
        contractAt(IRedeemQueue__writes, vault.address),
        "requestRedeem",
        ...([shares, controller, owner] as const),
      ),
      block,
      grants: ownersGrants(vault, use),
      before: (batch) => {
        const queue = contractAt(IRedeemQueue__views, vault.address);
        const owners = addOwnersShares(batch, vault, use);
        const waiting = batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, controller));
        return () => ({ owners: owners(), waiting: waiting.value() });
      },
      explain: (refusal, { owners }) => inWordsOfShares(refusal, use, owners.balance),
      show: async (_, { block, chainId, conditions, before: { owners, waiting } }) => {
        // The node's latest block may have moved on in between.
        const state = (await seen).block.hash === block.hash ? await seen : await vault.readState({ block });
        const preview: RequestRedeemPreview = {
          ...{ shares, controller, owner },
          atPricesOfNow: paidDown(state, shares),
          queued: state.queue.shares,
          alreadyWaiting: waiting,
          outlook: queueOutlook(state, shares),
        };
        const allowed = owners.isOperator || owners.allowance >= shares;
        return {
          preview,
          requirements: ownersApproval(vault, chainId, use, allowed),
          warnings: [...commonWarnings(conditions), ...waitWarnings(preview)],
        };
      },
      event: "RedeemRequest",
      resultOf: ({ shares, controller, owner }) => ({ shares, controller, owner }),
    });
  });
}

function waitWarnings({ outlook: { fraction, obstacles } }: RequestRedeemPreview): Warning[] {
  if (fraction === null || fraction >= ONE || obstacles.some((obstacle) => obstacle !== "NO_CASH")) return [];
  return [warning("CASH_SHORT", `It is ${formatPercent(fraction)}.`)];
}
