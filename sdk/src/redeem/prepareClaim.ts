import { interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__events, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { findEvent } from "../send/findEvent.js";
import type { TokenAmount } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { checkShares } from "./ownersShares.js";
import { redemption } from "./redemption.js";

/** What to claim. */
export interface ClaimOptions {
  /** Who sends it: the controller, or an operator of his. */
  account: string;
  /** Filled shares, 1e18; all of them by default, which costs one more request to the node. */
  shares?: bigint;
  /** Whose claim; the account's by default. */
  controller?: string;
  /** Who gets the tokens; the controller by default. */
  receiver?: string;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** What a claim pays. */
export interface ClaimPreview {
  /** Filled shares that are claimed, 1e18. */
  readonly shares: bigint;
  /** Paid, settlement tokens. */
  readonly assets: TokenAmount;
  readonly controller: string;
  readonly receiver: string;
}

/** A claim that was mined. */
export type ClaimResult = ClaimPreview;

/**
 * Prepares to be paid what settlements have filled; a claim works in every mode and at any price.
 *
 * @throws {CrosshedgeError} NOTHING_TO_DO where nothing was filled, INSUFFICIENT_SHARES, BAD_ARGUMENT, NETWORK and decoded reverts
 * @example
 * const prepared = await prepareClaim(vault, { account });
 * console.log(prepared.preview.assets);
 */
export function prepareClaim(
  vault: CrosshedgeVault,
  options: ClaimOptions,
): Promise<Prepared<ClaimPreview, ClaimResult>> {
  return decoded(async () => {
    const account = checkAddress(options.account, "account");
    const controller = checkAddress(options.controller ?? account, "controller");
    const receiver = checkAddress(options.receiver ?? controller, "receiver");
    if (options.shares !== undefined) checkShares(options.shares);
    const standing = options.shares === undefined ? await redemption(vault, controller, options) : null;
    const [shares, block] = standing ? [standing.claimable, standing.block] : [options.shares ?? 0n, options.block];
    if (shares === 0n) {
      throw new CrosshedgeError("NOTHING_TO_DO", `Nothing of ${controller} was filled that could be claimed.`);
    }
    const call = contractCall(contractAt(IRedeemQueue__writes, vault.address), "redeem", shares, receiver, controller);
    const simulated = await simulateOperation(vault, { account, call, block });
    const { outcome } = simulated;
    if (!outcome.ok) throw outcome.error;
    return preparedOperation({
      operation: "claim",
      chainId: simulated.chainId,
      block: simulated.block,
      account,
      to: vault.address,
      encode: () => call.data,
      preview: { shares, assets: outcome.value, controller, receiver },
      warnings: [],
      expiresAt: null,
      resultOf: (receipt) => {
        const { args } = findEvent(
          receipt,
          { address: vault.address, interface: interfaceOf(IRedeemQueue__events) },
          "Withdraw",
        );
        return { shares: args.shares, assets: args.assets, controller: args.owner, receiver: args.receiver };
      },
    });
  });
}
