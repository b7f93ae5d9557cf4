import type { PinnedBlock } from "../read/block.js";
import type { Ratio18, TokenAmounts } from "../units.js";
import type { ExitValue, GivenUp } from "./exitValue.js";

/** Which shares to leave with, and under which conditions. */
export interface ExitInKindOptions {
  /** Who sends it. */
  account: string;
  /** Shares, 1e18. What the account itself has waiting in the queue counts as its own. */
  shares: bigint;
  /** Who gets the tokens; the account by default. */
  receiver?: string;
  /** Whose shares; the account's by default. Another owner must approve the account. */
  owner?: string;
  /** Legs and assets whose part is given up, because they cannot be left or transferred now. */
  forfeit?: readonly string[];
  /** Least token units by vault asset; an asset that is not named has no least amount. Wins over `slippage`. */
  minOut?: TokenAmounts;
  /** Largest distance below the preview, 1e18 = 100%; 1% by default. */
  slippage?: Ratio18;
  /** Unix seconds; 20 minutes after the block by default. */
  deadline?: number;
  /** The block to simulate at; the latest by default. */
  block?: PinnedBlock;
}

/** What an exit would pay, and what it costs. */
export interface ExitInKindPreview extends ExitValue {
  /** Burned, 1e18. */
  readonly shares: bigint;
  readonly owner: string;
  readonly receiver: string;
  /** Paid, token units by vault asset. */
  readonly amounts: TokenAmounts;
  /** The least that the transaction accepts, token units by vault asset. */
  readonly minOut: TokenAmounts;
  /** Legs and assets that the preview gives up: those that were listed, and `mustForfeit`. */
  readonly givenUp: readonly GivenUp[];
  /** Legs that cannot be left now and were not listed in `forfeit`: the preview is without them, and `build()` refuses. */
  readonly mustForfeit: readonly string[];
  /** Shares that are taken out of the queue for it, 1e18. */
  readonly fromQueue: bigint;
}

/** An exit that was mined. */
export interface ExitInKindResult {
  /** Burned, 1e18. */
  readonly shares: bigint;
  /** Paid, token units by vault asset. */
  readonly amounts: TokenAmounts;
  /** Legs and assets whose part was given up. */
  readonly forfeit: readonly string[];
}
