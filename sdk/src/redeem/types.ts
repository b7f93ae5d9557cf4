import type { PinnedBlock } from "../read/block.js";
import type { TokenAmount } from "../units.js";

/** Which shares to put into the redemption queue. */
export interface RedeemRequestOptions {
  /** Shares, 1e18. */
  shares: bigint;
  /** Who may claim or cancel; the signer by default. */
  controller?: string;
  /** Whose shares; the signer by default. Another owner must have approved the signer, by allowance or as operator. */
  owner?: string;
}

/** Which shares to take back from the queue. */
export interface CancelRedeemOptions {
  /** Shares, 1e18; all that wait by default. */
  shares?: bigint;
  /** Whose request; the signer's by default. */
  controller?: string;
  /** Who gets the shares; the controller by default. */
  receiver?: string;
}

/** What to claim. */
export interface ClaimOptions {
  /** Whose claim; the signer's by default. */
  controller?: string;
  /** Who gets the tokens; the controller by default. */
  receiver?: string;
}

/** A request or its cancellation that was mined. */
export interface RedeemRequestReceipt {
  hash: string;
  blockNumber: number;
  /** Put into the queue, or taken back, 1e18. */
  shares: bigint;
  controller: string;
}

/** A claim that was mined. */
export interface ClaimReceipt {
  hash: string;
  blockNumber: number;
  /** Filled shares that were claimed, 1e18. */
  shares: bigint;
  /** Settlement tokens that were paid. */
  assets: TokenAmount;
  receiver: string;
}

/** Where an account stands in the redemption queue. */
export interface Redemption {
  /** What it was read at. */
  block: PinnedBlock;
  controller: string;
  /** Shares that wait, 1e18: they still share the vault's gains and losses. */
  pending: bigint;
  /** Shares that were filled and can be claimed, 1e18. */
  claimable: bigint;
  /** What the claim pays, settlement tokens. */
  claimableAssets: TokenAmount;
  /** Since when the oldest request of anybody waits, unix seconds; null where this account has nothing waiting. */
  waitingSince: number | null;
  /** From when anybody may settle the queue, unix seconds; null where this account has nothing waiting. */
  anybodyMaySettleAt: number | null;
  /** In words: what to do now. */
  nextStep: string;
}
