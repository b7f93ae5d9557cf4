import type { ApprovalMode } from "../prepare/requirements.js";
import type { PinnedBlock } from "../read/block.js";
import type { Ratio18, TokenAmount, TokenAmounts, Usd18 } from "../units.js";
import type { DepositRoom } from "./room.js";

/** Who deposits, and under which conditions. */
export interface DepositTerms {
  /** Who pays, and sends the transaction. */
  account: string;
  /** Least shares, 1e18; wins over `slippage`. */
  minShares?: bigint;
  /** Largest distance below the preview, 1e18 = 100%; 1% by default. */
  slippage?: Ratio18;
  /** Who gets the shares; the account by default. */
  receiver?: string;
  /** Unix seconds; 20 minutes after the block by default. */
  deadline?: number;
  /** "auto" by default: permits where the token has them and the account has no code, exact approvals elsewhere. */
  approval?: ApprovalMode;
  /** A block that is known already, such as a state's; the node's latest by default. */
  block?: PinnedBlock;
}

/** A deposit of one token. */
export interface PrepareDepositOptions extends DepositTerms {
  /** One of the vault's assets. */
  token: string;
  amount: TokenAmount;
}

/** A deposit of several tokens. */
export interface PrepareDepositBasketOptions extends DepositTerms {
  /** Token units by token address. */
  amounts: TokenAmounts;
}

/** What a deposit would do, executed in the block of its preparation. */
export interface DepositPreview {
  /** Minted, 1e18: exactly what the call answers. */
  readonly shares: bigint;
  readonly receiver: string;
  /** Paid, by token. */
  readonly amounts: TokenAmounts;
  /** Of what is paid, at the oracle's mid prices, rounded down. */
  readonly usd: Usd18;
  /** What is paid above the shares' value at mid: the bands of what goes in and of the vault. It stays in the vault, for all its holders. */
  readonly spread: Usd18;
  /** `spread` over `usd`, 1e18 = 100%. */
  readonly spreadRatio: Ratio18;
  /** What the vault keeps of the deposit as a fee of its own: none. Fees of holding are in `managementFee` and `performanceFee`. */
  readonly fees: Usd18;
  /** A year's management fee on the shares at today's price. */
  readonly managementFee: Usd18;
  /** Share of the gain above the high-water mark, 1e18 = 100%. */
  readonly performanceFee: Ratio18;
  /** USD per whole share at mid, before the deposit. */
  readonly sharePrice: Usd18;
  /** USD per whole share that the deposit pays, rounded up. */
  readonly pricePaid: Usd18;
  /** Least shares that the transaction accepts, 1e18. */
  readonly minShares: bigint;
  /** Most USD per whole share that the transaction can pay, rounded up; null where it accepts any. */
  readonly worstPrice: Usd18 | null;
  /** By token: what may come in now, and when more. */
  readonly rooms: Record<string, DepositRoom>;
}

/** What a deposit did. */
export interface DepositResult {
  /** Minted, 1e18. */
  shares: bigint;
  receiver: string;
  /** The vault's NAV just before. */
  navBefore: Usd18;
  /** Half-width of the NAV's band. */
  half: Usd18;
  /** Paid in, by token. */
  amounts: TokenAmounts;
}
