import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared } from "../prepare/prepared.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import type { TokenAmount } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { type PositionOptions, partOfPosition } from "./partOfPosition.js";
import { queueOperation } from "./queueOperation.js";

/** Which filled shares to claim. */
export type ClaimOptions = PositionOptions;

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
 * @throws {CrosshedgeError} NOTHING_TO_DO where nothing was filled, INSUFFICIENT_SHARES, BAD_ARGUMENT, WRONG_CHAIN, NETWORK and decoded reverts
 * @example
 * const prepared = await prepareClaim(vault, { account });
 * console.log(prepared.preview.assets);
 */
export function prepareClaim(
  vault: CrosshedgeVault,
  options: ClaimOptions,
): Promise<Prepared<ClaimPreview, ClaimResult>> {
  return decoded(async () => {
    const { account, controller, receiver, shares, block } = await partOfPosition(vault, options, "claimable");
    const queue = contractAt(IRedeemQueue__writes, vault.address);
    return queueOperation(vault, {
      operation: "claim",
      account,
      call: contractCall(queue, "redeem", shares, receiver, controller),
      block,
      show: (assets) => ({ preview: { shares, assets, controller, receiver }, warnings: [] }),
      event: "Withdraw",
      resultOf: ({ shares, assets, owner, receiver }) => ({ shares, assets, controller: owner, receiver }),
    });
  });
}
