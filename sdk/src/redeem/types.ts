import type { PinnedBlock } from "../read/block.js";
import type { TokenAmount } from "../units.js";

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
  /** After this anybody may settle the queue, unix seconds; null where this account has nothing waiting. */
  anybodyMaySettleAt: number | null;
  /** In words: what to do now. */
  nextStep: string;
}
