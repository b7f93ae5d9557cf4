import { IHedgeVault__views, IRedeemQueue__views } from "../generated/abi.js";
import type { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { addOwnersShares, type OwnersShares, type SharesUse } from "../redeem/ownersShares.js";
import type { CrosshedgeVault } from "../vault.js";

/** What is to be known of an exit just before it. */
export interface ExitReads {
  readonly owners: OwnersShares;
  readonly legs: readonly string[];
  /** By leg, USD; empty at a bad price. */
  readonly equity: readonly bigint[];
  /** Shares, with the management fee that is due: the exit mints it. */
  readonly supply: bigint;
}

/** Adds the reads; call the result once the batch is sent. */
export function addExitReads(batch: Batch, vault: CrosshedgeVault, use: SharesUse): () => ExitReads {
  const views = contractAt(IHedgeVault__views, vault.address);
  const owners = addOwnersShares(batch, vault, use);
  const portfolio = batch.add(contractCall(views, "portfolio"));
  const legs = batch.add(contractCall(views, "legs"));
  const supply = batch.add(contractCall(contractAt(IRedeemQueue__views, vault.address), "supplyWithFees"));
  return () => ({
    owners: owners(),
    legs: [...legs.value()],
    equity: [...(portfolio.orNull()?.[0].equity ?? [])],
    supply: supply.value(),
  });
}
