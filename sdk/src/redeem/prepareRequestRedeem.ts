import { interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__events, IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared, Warning } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import { commonWarnings, warning } from "../prepare/warnings.js";
import { type QueueOutlook, queueOutlook } from "../queue/queueOutlook.js";
import type { Batch } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { findEvent } from "../send/findEvent.js";
import type { VaultState } from "../state/types.js";
import { formatPercent, ONE } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { addOwnersShares, checkShares, inWordsOfShares, ownersApproval, ownersGrants } from "./ownersShares.js";
import { type PaidForShares, paidDown } from "./paidDown.js";
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
  /**
   * What the queue can expect with this request in it: the part that the cash of now fills, what stands in the way, and the wait. Null where
   * the vault cannot be valued.
   */
  readonly outlook: QueueOutlook | null;
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
 * @throws {CrosshedgeError} BAD_ARGUMENT, INSUFFICIENT_SHARES, NETWORK and decoded reverts
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
    const controller = checkAddress(options.controller ?? account, "controller");
    checkShares(shares);
    const queue = contractAt(IRedeemQueue__views, vault.address);
    const use = { account, owner, shares };
    const call = contractCall(
      contractAt(IRedeemQueue__writes, vault.address),
      "requestRedeem",
      shares,
      controller,
      owner,
    );
    const before = (batch: Batch) => {
      const owners = addOwnersShares(batch, vault, use);
      const waiting = batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, controller));
      return () => ({ owners: owners(), waiting: waiting.value() });
    };
    const grants = ownersGrants(vault, use);
    const [simulated, seen] = await Promise.all([
      simulateOperation(vault, { account, call, grants, before, block }),
      stateAt(vault, block),
    ]);
    const { conditions, chainId, outcome, before: found } = simulated;
    if (!outcome.ok) throw inWordsOfShares(outcome.error, use, found.owners.balance);
    // The node's latest block may have moved on in between.
    const state = seen?.block.hash === simulated.block.hash ? seen : await stateAt(vault, simulated.block);
    const preview: RequestRedeemPreview = {
      shares,
      controller,
      owner,
      atPricesOfNow: state && paidDown(state, shares),
      queued: conditions.queue.shares,
      alreadyWaiting: found.waiting,
      outlook: state && queueOutlook(state, shares),
    };
    const allowed = found.owners.isOperator || found.owners.allowance >= shares;
    return preparedOperation({
      operation: "requestRedeem",
      chainId: simulated.chainId,
      block: simulated.block,
      account,
      to: vault.address,
      encode: () => call.data,
      preview,
      requirements: ownersApproval(vault, chainId, use, allowed),
      warnings: [...commonWarnings(conditions), ...waitWarnings(preview)],
      expiresAt: null,
      resultOf: (receipt) => {
        const { args } = findEvent(
          receipt,
          { address: vault.address, interface: interfaceOf(IRedeemQueue__events) },
          "RedeemRequest",
        );
        return { shares: args.shares, controller: args.controller, owner: args.owner };
      },
    });
  });
}

/** Null where a venue does not let the vault be valued: a request needs no price. */
async function stateAt(vault: CrosshedgeVault, block: PinnedBlock | undefined): Promise<VaultState | null> {
  try {
    return await vault.readState(block === undefined ? {} : { block });
  } catch (caught) {
    if (CrosshedgeError.is(caught, "READ_FAILED")) return null;
    throw caught;
  }
}

function waitWarnings({ outlook }: RequestRedeemPreview): Warning[] {
  if (outlook === null) return [];
  const { fraction, obstacles } = outlook;
  if (fraction === null || fraction >= ONE || obstacles.some((obstacle) => obstacle !== "NO_CASH")) return [];
  return [warning("CASH_SHORT", `It is ${formatPercent(fraction)}.`)];
}
