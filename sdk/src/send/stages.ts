import type { TransactionReceipt } from "ethers";
import type { FrozenTransaction } from "../prepare/prepared.js";
import type { ApprovalMode } from "../prepare/requirements.js";
import type { TokenAmount } from "../units.js";
import type { Call } from "./batchOf.js";

/** What a mined transaction was and cost. */
export interface TransactionFacts {
  readonly hash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
  /** Wei per unit of gas. */
  readonly effectiveGasPrice: bigint;
}

/** What an operation did, and the transaction that did it. */
export type Sent<R> = R & TransactionFacts;

/** Where a run of {@link send} stands; `stage` tells the events apart. */
export type SendStage<R> =
  | { readonly stage: "checking" }
  /** The wallet is asked for a permit. */
  | { readonly stage: "signing-permit"; readonly token: string; readonly amount: TokenAmount }
  /** The wallet is asked for an approval; 0 first where the token wants it. */
  | { readonly stage: "awaiting-approval"; readonly token: string; readonly amount: TokenAmount }
  | { readonly stage: "approving"; readonly token: string; readonly hash: string }
  | { readonly stage: "approved"; readonly token: string }
  | { readonly stage: "simulating"; readonly transaction: FrozenTransaction }
  /** The wallet is asked for the operation itself. */
  | { readonly stage: "awaiting-signature"; readonly transaction: FrozenTransaction }
  | { readonly stage: "broadcast"; readonly hash: string }
  /** The wallet repriced a transaction; the new one is waited for. */
  | { readonly stage: "repriced"; readonly hash: string; readonly by: string }
  | { readonly stage: "mined"; readonly receipt: TransactionReceipt }
  | { readonly stage: "done"; readonly sent: Sent<R> };

/** What a batch did, the transaction that carried it, and the wallet's id of the batch. */
export type SentCalls<R> = Sent<R> & { readonly id: string };

/** Where a run of {@link sendCalls} stands; `stage` tells the events apart. */
export type CallsStage<R> =
  | { readonly stage: "checking" }
  /** The wallet is asked for all calls at once. */
  | { readonly stage: "awaiting-signature"; readonly calls: readonly Call[] }
  | { readonly stage: "submitted"; readonly id: string }
  | { readonly stage: "mined"; readonly receipt: TransactionReceipt }
  | { readonly stage: "done"; readonly sent: SentCalls<R> };

/** How to wait for a transaction. */
export interface WaitOptions {
  /** Blocks that must include or follow the transaction; 1 by default. */
  readonly confirmations?: number;
  /** Milliseconds between two looks at the chain; 1,000 by default. */
  readonly pollingInterval?: number;
  /** Stops the waiting; what was broadcast stays broadcast, and the error tells its hash. */
  readonly signal?: AbortSignal;
}

/** How to send. */
export interface SendOptions<R> extends WaitOptions {
  /** Told of each stage as it begins. */
  readonly onStage?: (event: SendStage<R>) => void;
  /** "auto" by default. */
  readonly approval?: ApprovalMode;
  /** Of the operation; a fifth above the node's estimate by default, where the signer does not choose by itself. */
  readonly gasLimit?: bigint;
}

/** How to send a batch, and to wait for it. */
export interface CallsOptions<R> extends Pick<WaitOptions, "pollingInterval" | "signal"> {
  /** Told of each stage as it begins. */
  readonly onStage?: (event: CallsStage<R>) => void;
}
