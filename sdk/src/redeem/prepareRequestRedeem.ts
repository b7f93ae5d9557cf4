import { interfaceOf } from "../abi/abi.js";
import { checkAddress } from "../address.js";
import { decoded } from "../errors/decoded.js";
import { IRedeemQueue__events, IRedeemQueue__views, IRedeemQueue__writes } from "../generated/abi.js";
import type { Prepared, Warning } from "../prepare/prepared.js";
import { preparedOperation } from "../prepare/preparedOperation.js";
import { simulateOperation } from "../prepare/simulateOperation.js";
import { commonWarnings, warning } from "../prepare/warnings.js";
import type { Batch } from "../read/batch.js";
import type { PinnedBlock } from "../read/block.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { findEvent } from "../send/findEvent.js";
import { formatPercent, ONE, type Ratio18, type TokenAmount, type Usd18 } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { addOwnersShares, checkShares, inWordsOfShares, ownersApproval, ownersGrants } from "./ownersShares.js";
import { REQUEST_ID } from "./redemption.js";
import { fillable, paidDown, settlementTerms } from "./settlementTerms.js";

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
  readonly atPricesOfNow: { readonly usd: Usd18; readonly assets: TokenAmount } | null;
  /** The part of everything in the queue, this request too, that the cash of now would fill. Null while nothing can be priced. */
  readonly fillable: Ratio18 | null;
  /** Shares of all controllers that wait already, 1e18: every settlement fills the same part of all that are due. */
  readonly queued: bigint;
  /** Shares of this controller among them, 1e18. */
  readonly alreadyWaiting: bigint;
  /** From when anybody may settle, unix seconds: no request moves it. */
  readonly anybodyMaySettleAt: number;
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
      const supply = batch.add(contractCall(queue, "supplyWithFees"));
      return () => ({ owners: owners(), waiting: waiting.value(), supply: supply.value() });
    };
    const grants = ownersGrants(vault, use);
    const simulated = await simulateOperation(vault, { account, call, grants, before, block });
    const { conditions, chainId, outcome, before: found } = simulated;
    if (!outcome.ok) throw inWordsOfShares(outcome.error, use, found.owners.balance);
    const terms = settlementTerms(conditions, vault.layout.settlementToken, found.supply);
    const since = conditions.queue.since || simulated.block.timestamp;
    const preview: RequestRedeemPreview = {
      shares,
      controller,
      owner,
      atPricesOfNow: terms && paidDown(terms, shares),
      fillable: terms && fillable(terms, conditions.queue.shares + shares),
      queued: conditions.queue.shares,
      alreadyWaiting: found.waiting,
      anybodyMaySettleAt: since + Number(conditions.settings.maxWait),
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

function waitWarnings({ fillable: part }: RequestRedeemPreview): Warning[] {
  return part !== null && part < ONE ? [warning("CASH_SHORT", `It is ${formatPercent(part)}.`)] : [];
}
