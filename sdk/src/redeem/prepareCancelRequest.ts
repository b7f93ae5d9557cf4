import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import { commonWarnings } from "../prepare/warnings.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { CrosshedgeVault } from "../vault.js";
import { type PositionOptions, partOfPosition } from "./partOfPosition.js";
import { queueOperation } from "./queueOperation.js";
import { REQUEST_ID } from "./redemption.js";
import { shareTexts } from "./shareTexts.js";

/** Which unfilled shares to take back from the queue; those that came last go first. */
export type CancelRequestOptions = PositionOptions;

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
 * @throws {CrosshedgeError} NOTHING_TO_DO where nothing waits, INSUFFICIENT_SHARES, BAD_ARGUMENT, WRONG_CHAIN, NETWORK and decoded reverts
 * @example
 * await send(await prepareCancelRequest(vault, { account }), signer);
 */
export function prepareCancelRequest(
  vault: CrosshedgeVault,
  options: CancelRequestOptions,
): Promise<Prepared<CancelRequestPreview, CancelRequestResult>> {
  return decoded(async () => {
    const { account, controller, receiver, shares, block } = await partOfPosition(vault, options, "pending");
    return queueOperation(vault, {
      operation: "cancelRequest",
      account,
      call: contractCall(
        contractAt(IRedeemQueue__writes, vault.address),
        "cancelRedeemRequest",
        shares,
        receiver,
        controller,
      ),
      block,
      before: (batch) => {
        const waiting = batch.add(
          contractCall(contractAt(IRedeemQueue__views, vault.address), "pendingRedeemRequest", REQUEST_ID, controller),
        );
        return () => waiting.value();
      },
      explain: (refusal, waiting) => (shares > waiting ? tooFewWait(controller, waiting, shares, refusal) : refusal),
      show: (_, { before: waiting, conditions }) => ({
        preview: { shares, controller, receiver, stillWaiting: waiting - shares },
        warnings: commonWarnings(conditions),
      }),
      event: "RedeemRequestCancelled",
      resultOf: ({ shares, controller, receiver }) => ({ shares, controller, receiver }),
    });
  });
}

function tooFewWait(controller: string, waits: bigint, asked: bigint, refusal: CrosshedgeError): CrosshedgeError {
  if (refusal.revert?.kind !== "custom" || refusal.revert.name !== "NotEnoughWaiting") return refusal;
  const [has, wanted] = shareTexts(waits, asked);
  const message = `${has} shares of ${controller} wait, fewer than ${wanted}.`;
  return new CrosshedgeError("INSUFFICIENT_SHARES", message, { cause: refusal, revert: refusal.revert });
}
