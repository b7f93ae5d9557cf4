import type { Attempt, Intent } from "../journal.js";

/** A correction of what can be derived from something else; what was signed is never changed or deleted. */
export type Change =
  | {
      readonly table: "intents";
      readonly id: number;
      readonly set: Partial<Pick<Intent, "status" | "succeeded" | "nonce">>;
    }
  | {
      readonly table: "attempts";
      readonly hash: string;
      readonly set: Partial<
        Omit<Attempt, "hash" | "sequence" | "raw" | "intent_id" | "created_at" | "updated_at" | "note">
      >;
    };

/** Something in the journal that cannot be so. */
export interface Finding {
  /** The row: "tick 7", "intent 3", "transaction 0x…". */
  readonly where: string;
  readonly problem: string;
  /** What repair does, or why it does nothing. */
  readonly repair: string;
  /** Of whose lane the row is; null for what no lane writes. */
  readonly account: { readonly chainId: number; readonly signer: string } | null;
  /** Empty where repair does nothing. */
  readonly changes: readonly Change[];
}

/** What the chain says of a transaction that is in a block. */
export interface ReceiptFacts {
  readonly block: number;
  readonly blockHash: string;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
  /** Wei a gas, as paid. */
  readonly gasPrice: bigint;
}

/** Null for a transaction that is in no block. */
export type ReceiptOf = (chainId: number, hash: string) => Promise<ReceiptFacts | null>;

export const accountOf = ({ chain_id, signer }: Pick<Intent, "chain_id" | "signer">) => ({ chainId: chain_id, signer });
