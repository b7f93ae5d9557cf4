import { interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__events, IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import { commonWarnings } from "../prepare/warnings.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { findEvent } from "../send/findEvent.js";
import type { CrosshedgeVault } from "../vault.js";
import { checkShares } from "./ownersShares.js";
import { REQUEST_ID, redemption } from "./redemption.js";
import { shareTexts } from "./shareTexts.js";

/** Which shares to take back from the queue. */
export interface CancelRequestOptions {
  /** Who sends it: the controller, or an operator of his. */
  account: string;
  /** Shares, 1e18; all that wait by default, which costs one more request to the node. */
  shares?: bigint;
  /** Whose request; the account's by default. */
  controller?: string;
  /** Who gets the shares; the controller by default. */
  receiver?: string;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** What taking shares back would do. */
export interface CancelRequestPreview {
  /** Taken back, the newest first, 1e18. */
  readonly shares: bigint;
  readonly controller: string;
  readonly receiver: string;
  /** Shares of this controller that go on waiting, 1e18. */
  readonly stillWaiting: bigint;
}

/** Shares that were taken back. */
export interface CancelRequestResult {
  /** 1e18. */
  readonly shares: bigint;
  readonly controller: string;
  readonly receiver: string;
}

/**
 * Prepares to take shares back that wait in the queue; it works in every mode and at any price.
 *
 * @throws {CrosshedgeError} NOTHING_TO_DO where nothing waits, INSUFFICIENT_SHARES, BAD_ARGUMENT, NETWORK and decoded reverts
 * @example
 * await send(await prepareCancelRequest(vault, { account }), signer);
 */
export function prepareCancelRequest(
  vault: CrosshedgeVault,
  options: CancelRequestOptions,
): Promise<Prepared<CancelRequestPreview, CancelRequestResult>> {
  return decoded(async () => {
    const account = checkAddress(options.account, "account");
    const controller = checkAddress(options.controller ?? account, "controller");
    const receiver = checkAddress(options.receiver ?? controller, "receiver");
    if (options.shares !== undefined) checkShares(options.shares);
    const standing = options.shares === undefined ? await redemption(vault, controller, options) : null;
    const [shares, block] = standing ? [standing.pending, standing.block] : [options.shares ?? 0n, options.block];
    if (shares === 0n) throw nothingWaits(controller);
    const queue = contractAt(IRedeemQueue__views, vault.address);
    const args = [shares, receiver, controller] as const;
    const call = contractCall(contractAt(IRedeemQueue__writes, vault.address), "cancelRedeemRequest", ...args);
    const simulated = await simulateOperation(vault, {
      account,
      call,
      block,
      before: (batch) => {
        const waiting = batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, controller));
        return () => waiting.value();
      },
    });
    const { outcome, before: waiting, conditions } = simulated;
    if (!outcome.ok) throw shares > waiting ? tooFewWait(controller, waiting, shares, outcome.error) : outcome.error;
    return preparedOperation({
      operation: "cancelRequest",
      chainId: simulated.chainId,
      block: simulated.block,
      account,
      to: vault.address,
      encode: () => call.data,
      preview: { shares, controller, receiver, stillWaiting: waiting - shares },
      warnings: commonWarnings(conditions),
      expiresAt: null,
      resultOf: (receipt) => {
        const at = { address: vault.address, interface: interfaceOf(IRedeemQueue__events) };
        const found = findEvent(receipt, at, "RedeemRequestCancelled").args;
        return { shares: found.shares, controller: found.controller, receiver: found.receiver };
      },
    });
  });
}

function nothingWaits(controller: string): CrosshedgeError {
  return new CrosshedgeError("NOTHING_TO_DO", `${controller} has no shares in the queue that wait.`);
}

function tooFewWait(controller: string, waits: bigint, asked: bigint, refusal: CrosshedgeError): CrosshedgeError {
  if (refusal.revert?.kind !== "custom" || refusal.revert.name !== "NotEnoughWaiting") return refusal;
  const [has, wanted] = shareTexts(waits, asked);
  const message = `${has} shares of ${controller} wait, fewer than ${wanted}.`;
  return new CrosshedgeError("INSUFFICIENT_SHARES", message, { cause: refusal, revert: refusal.revert });
}
