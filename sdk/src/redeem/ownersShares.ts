import { erc20 } from "../abi/erc20.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { IRedeemQueue__views } from "../generated/abi.js";
import type { ApproveRequirement } from "../prepare/prepared.js";
import type { Grant } from "../prepare/shot.js";
import { approveTransaction } from "../prepare/transaction.js";
import type { Batch } from "../read/batch.js";
import { contractCall } from "../read/call.js";
import { contractAt } from "../read/contractAt.js";
import { formatToken } from "../units.js";
import type { CrosshedgeVault } from "../vault.js";
import { REQUEST_ID } from "./redemption.js";

/** An account that wants to use an owner's shares. */
export interface SharesUse {
  readonly account: string;
  readonly owner: string;
  /** 1e18. */
  readonly shares: bigint;
}

/** What an owner has, and what he lets the account do; shares, 1e18. */
export interface OwnersShares {
  readonly balance: bigint;
  /** In the queue, unfilled. */
  readonly waiting: bigint;
  readonly allowance: bigint;
  readonly isOperator: boolean;
}

/** Adds the reads; call the result once the batch is sent. */
export function addOwnersShares(
  batch: Batch,
  { address }: CrosshedgeVault,
  { account, owner }: Omit<SharesUse, "shares">,
): () => OwnersShares {
  const queue = contractAt(IRedeemQueue__views, address);
  const balance = batch.add(erc20.balanceOf(address, owner));
  const waiting = batch.add(contractCall(queue, "pendingRedeemRequest", REQUEST_ID, owner));
  const allowance = batch.add(erc20.allowance(address, owner, account));
  const isOperator = batch.add(contractCall(queue, "isOperator", owner, account));
  return () => ({
    balance: balance.value(),
    waiting: waiting.value(),
    allowance: allowance.value(),
    isOperator: isOperator.value(),
  });
}

/** The owner's approval as a call of his, for simulations; none where the account is the owner. */
export function ownersGrants({ address }: CrosshedgeVault, { account, owner, shares }: SharesUse): Grant[] {
  if (account === owner) return [];
  return [{ from: owner, call: erc20.approve(address, account, shares) }];
}

/** The approval that the owner has to send first; none where he is the account, or allows it already. */
export function ownersApproval(
  { address }: CrosshedgeVault,
  chainId: bigint,
  { account, owner, shares }: SharesUse,
  allowed: boolean,
): ApproveRequirement[] {
  if (account === owner || allowed) return [];
  const transactions = [approveTransaction({ chainId, from: owner }, address, account, shares)];
  return [{ kind: "approve", token: address, spender: account, amount: shares, transactions }];
}

/** Shares that an operation can use. @throws {CrosshedgeError} BAD_ARGUMENT */
export function checkShares(shares: bigint): void {
  if (typeof shares === "bigint" && shares > 0n) return;
  throw new CrosshedgeError("BAD_ARGUMENT", "`shares` must be a bigint above 0, in units of 1e-18 shares.");
}

/** The simulation's refusal, in the words of shares where there are too few of them. */
export function inWordsOfShares(
  refusal: CrosshedgeError,
  { owner, shares }: SharesUse,
  usable: bigint,
): CrosshedgeError {
  if (usable >= shares) return refusal;
  const [has, asked] = [formatToken(usable, 18), formatToken(shares, 18)];
  return new CrosshedgeError(
    "INSUFFICIENT_SHARES",
    `${owner} holds ${has} shares, fewer than the ${asked} asked for.`,
    {
      cause: refusal,
      ...(refusal.revert === undefined ? {} : { revert: refusal.revert }),
    },
  );
}
