import type { Ratio18, TokenAmounts } from "../units.js";

/** Which shares to leave with. */
export interface ExitPreviewOptions {
  /** Shares, 1e18. */
  shares: bigint;
  /** Who gets the tokens; the caller by default. */
  receiver?: string;
  /** Whose shares; the signer's by default. */
  owner?: string;
  /** Legs whose part is given up, because they cannot be left now. */
  forfeit?: readonly string[];
}

/** Which shares to leave with, and under which conditions. */
export interface ExitOptions extends ExitPreviewOptions {
  /** Least token units by vault asset; an asset that is not named has no least amount. Wins over `slippage`. */
  minOut?: TokenAmounts;
  /** Largest distance below the preview, 1e18 = 100%; 1% by default. */
  slippage?: Ratio18;
  /** Unix seconds; 20 minutes after the latest block by default. */
  deadline?: bigint;
}

/** What an exit would pay at one block. */
export interface ExitPreview {
  /** Token units by vault asset. */
  amounts: TokenAmounts;
  blockNumber: number;
}

/** An exit that was mined. */
export interface ExitReceipt {
  hash: string;
  blockNumber: number;
  /** Burned, 1e18. */
  shares: bigint;
  /** Paid out, token units by vault asset. */
  amounts: TokenAmounts;
  /** Legs whose part was given up. */
  forfeit: string[];
}
