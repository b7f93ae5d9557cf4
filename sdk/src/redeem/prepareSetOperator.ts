import { interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__events, IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { findEvent } from "../send/findEvent.js";
import type { CrosshedgeVault } from "../vault.js";

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
 * @throws {CrosshedgeError} BAD_ARGUMENT, NETWORK and decoded reverts
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
    const queue = contractAt(IRedeemQueue__views, vault.address);
    const call = contractCall(contractAt(IRedeemQueue__writes, vault.address), "setOperator", operator, approved);
    const simulated = await simulateOperation(vault, {
      account: controller,
      call,
      block,
      before: (batch) => {
        const is = batch.add(contractCall(queue, "isOperator", controller, operator));
        return () => is.value();
      },
    });
    if (!simulated.outcome.ok) throw simulated.outcome.error;
    return preparedOperation({
      operation: "setOperator",
      chainId: simulated.chainId,
      block: simulated.block,
      account: controller,
      to: vault.address,
      encode: () => call.data,
      preview: { controller, operator, approved, changes: simulated.before !== approved },
      warnings: [],
      expiresAt: null,
      resultOf: (receipt) => {
        const { args } = findEvent(
          receipt,
          { address: vault.address, interface: interfaceOf(IRedeemQueue__events) },
          "OperatorSet",
        );
        return { controller: args.controller, operator: args.operator, approved: args.approved };
      },
    });
  });
}
