import type { TransactionReceipt, TypedDataDomain, TypedDataField } from "ethers";
import type { PinnedBlock } from "../read/block.js";
import type { TokenAmount } from "../units.js";
import type { WarningCode } from "./warnings.js";

/** A transaction that any wallet can send as it is; frozen. */
export interface FrozenTransaction {
  readonly chainId: bigint;
  /** Who must send it. */
  readonly from: string;
  readonly to: string;
  /** Calldata, hex. */
  readonly data: string;
  /** Wei: no operation of a vault takes native coin. */
  readonly value: 0n;
}

/** Typed data of EIP-712, as `signTypedData` takes it. */
export interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
}

/** An allowance that transactions give, in their order: tokens that refuse to change one are set to zero first. */
export interface ApproveRequirement {
  readonly kind: "approve";
  readonly token: string;
  readonly spender: string;
  /** The exact amount of the operation. */
  readonly amount: TokenAmount;
  readonly transactions: readonly FrozenTransaction[];
}

/** An allowance that a signature gives (ERC-2612). Wallets that cannot sign take `instead`. */
export interface PermitRequirement {
  readonly kind: "permit";
  readonly token: string;
  readonly spender: string;
  readonly amount: TokenAmount;
  /** Unix seconds. */
  readonly deadline: number;
  readonly typedData: TypedData;
  readonly instead: ApproveRequirement;
}

/** What must be in place before the transaction can be sent. */
export type Requirement = ApproveRequirement | PermitRequirement;

/** Something that a user should know before he signs; it does not stop the operation. */
export interface Warning {
  /** Stable, such as "PRICE_AGES": see WARNINGS. */
  readonly code: WarningCode;
  readonly message: string;
  /** What to do about it. */
  readonly nextStep: string;
}

/** Signatures for permits, hex, by the token's address. */
export type Signatures = Readonly<Record<string, string>>;

/**
 * One operation of one account, simulated at one block.
 *
 * @typeParam P What it would do
 * @typeParam R What it did, read from a receipt
 */
export interface Prepared<P, R> {
  /** Such as "depositBasket". */
  readonly operation: string;
  readonly chainId: bigint;
  /** Who must send it. */
  readonly account: string;
  /** What the preview was simulated at: executed in this very block, the operation would do exactly as `preview` says. */
  readonly block: PinnedBlock;
  readonly preview: P;
  /** Empty where the transaction can be sent at once. */
  readonly requirements: readonly Requirement[];
  readonly warnings: readonly Warning[];
  /** Unix seconds after which the contract refuses it; null where it does not expire. */
  readonly expiresAt: number | null;
  /**
   * The transaction.
   *
   * @param signatures Of the permits among the requirements; a permit that is left out must have been replaced by its approval
   * @throws {CrosshedgeError} BAD_ARGUMENT for a signature that is not of this account, this token and these terms
   */
  build(signatures?: Signatures): FrozenTransaction;
  /**
   * What the mined transaction did.
   *
   * @throws {CrosshedgeError} EVENT_MISSING where the receipt is of another transaction
   */
  resultOf(receipt: TransactionReceipt): R;
}
