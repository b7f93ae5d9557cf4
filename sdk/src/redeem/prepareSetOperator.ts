import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { CrosshedgeVault } from "../vault.js";
import { queueOperation } from "./queueOperation.js";

/** Whom to let act, or no longer. */
export interface SetOperatorOptions {
  /** Who sends it, and for whom the operator may act. */
  account: string;
  operator: string;
  approved: boolean;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** What it would change. */
export interface SetOperatorPreview {
  readonly controller: string;
  readonly operator: string;
  readonly approved: boolean;
  /** False where it is so already. */
  readonly changes: boolean;
}

/** What was set. */
export type SetOperatorResult = Omit<SetOperatorPreview, "changes">;

/**
 * Prepares to let another account request, cancel and claim for `account`, or no longer.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, WRONG_CHAIN, NETWORK and decoded reverts
 * @example
 * await send(await prepareSetOperator(vault, { account, operator, approved: true }), signer);
 */
export function prepareSetOperator(
  vault: CrosshedgeVault,
  { approved, block, ...who }: SetOperatorOptions,
): Promise<Prepared<SetOperatorPreview, SetOperatorResult>> {
  return decoded(async () => {
    const controller = checkAddress(who.account, "account");
    const operator = checkAddress(who.operator, "operator");
    if (typeof approved !== "boolean") {
      throw new CrosshedgeError("BAD_ARGUMENT", "`approved` must be true or false.");
    }
    return queueOperation(vault, {
      operation: "setOperator",
      account: controller,
      call: contractCall(contractAt(IRedeemQueue__writes, vault.address), "setOperator", operator, approved),
      block,
      before: (batch) => {
        const queue = contractAt(IRedeemQueue__views, vault.address);
        const is = batch.add(contractCall(queue, "isOperator", controller, operator));
        return () => is.value();
      },
      show: (_, { before }) => ({
        preview: { controller, operator, approved, changes: before !== approved },
        warnings: [],
      }),
      event: "OperatorSet",
      resultOf: ({ controller, operator, approved }) => ({ controller, operator, approved }),
    });
  });
}
