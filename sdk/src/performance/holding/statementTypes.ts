import type { PinnedBlock } from "../../read/block.js";
import type { TokenAmount, TokenAmounts, Usd18 } from "../../units.js";

/** An account and the vault's prices at the end of one block. */
export interface AccountMark {
  block: PinnedBlock;
  /** Shares, 1e18. */
  balance: bigint;
  pending: bigint;
  claimable: bigint;
  /** Settlement tokens. */
  claimableAssets: TokenAmount;
  nav: { mid: Usd18; half: Usd18; ok: boolean };
  totalSupply: bigint;
  supplyWithFees: bigint;
  /** USD per whole token, in the vault's asset order; null for a bad price. */
  mids: readonly (Usd18 | null)[];
}

/** What a line of a statement tells. */
export type StatementKind =
  | "deposit"
  | "exit"
  | "request"
  | "cancel"
  | "fill"
  | "claim"
  | "transferIn"
  | "transferOut"
  | "fee"
  | "feeShares";

/** Something that happened to a holding. */
export interface StatementLine {
  kind: StatementKind;
  blockNumber: number;
  /** Unix seconds. */
  timestamp: number;
  transactionHash: string;
  /** The other account: who paid, received, gave or took; null where there is none. */
  counterparty: string | null;
  /** Shares that it is about, 1e18. */
  shares: bigint;
  /** By how much the holding's shares changed, those that wait in the queue included. */
  change: bigint;
  /** Token units: positive for received. */
  tokens: TokenAmounts;
  /** Worth of the tokens, or of the shares where there are none, at the block's prices; a fee's dilution is negative. Null at bad prices. */
  usd: Usd18 | null;
  /** By how much the cost basis changed. */
  cost: Usd18;
  /** Worth less cost of the shares that were given up for money; zero for other lines. Null at bad prices. */
  realised: Usd18 | null;
  /** Shares and cost basis after it. */
  sharesAfter: bigint;
  costAfter: Usd18;
}

/** A holding at an end of a statement. */
export interface StatementEnd {
  block: PinnedBlock;
  /** Balance and pending. */
  shares: bigint;
  /** Of the shares, at the NAV and at the low side of its band; null at bad prices. */
  usd: { mid: Usd18; low: Usd18 } | null;
  /** Filled and not claimed, settlement tokens; their profit is realised. */
  claimableAssets: TokenAmount;
  cost: Usd18;
}

/**
 * An account's statement of holdings.
 *
 * Cost is average cost: what shares cost together, divided evenly. A deposit costs what the tokens were worth at mid, spread included; shares that
 * come by transfer cost what they are worth; shares that leave by transfer take their cost along, without a profit. A fill by the queue and an
 * exit realise: what was paid, at mid, less the cost of the shares. A claim pays out what was realised before.
 */
export interface Statement {
  vault: string;
  account: string;
  opening: StatementEnd;
  /** Where the opening's cost is from: the caller, or the market. */
  openingCostFrom: "given" | "market";
  lines: readonly StatementLine[];
  closing: StatementEnd;
  /** What was deposited, in USD at the time. */
  deposited: Usd18;
  /** What fills and exits paid, in USD at the time. */
  received: Usd18;
  realised: Usd18;
  /** Closing worth less closing cost; null at bad prices. */
  unrealised: Usd18 | null;
  /** What fees minted for others took from the holding; contained in the other figures. */
  feesDiluted: Usd18;
  /** Closing shares less those that the lines lead to: units that the queue's rounding kept. */
  sharesLost: bigint;
  /** Lines without a price: `deposited`, `received` and `realised` are without them. */
  unpriced: number;
}
