import type { Block, Provider, TransactionReceipt } from "ethers";
import { KeeperError } from "../errors.js";
import type { Outlook } from "./lane.js";
import type { LaneConfig } from "./lane-config.js";
import { ask } from "./no-answer-error.js";
import type { Trail } from "./trails.js";

/** What the chain says about an account's transactions. */
export interface Survey {
  readonly head: { readonly number: number; readonly timestamp: number };
  /** Up to here blocks stay. */
  readonly finalBlock: number;
  /** Transactions of the account in blocks, and with those that wait. */
  readonly used: number;
  readonly pending: number;
  readonly receipts: ReadonlyMap<string, TransactionReceipt>;
  /** Hashes of open intents that the node knows, mined or waiting. */
  readonly known: ReadonlySet<string>;
}

/** Every hash looked up, in one batch of requests. */
export async function survey(
  provider: Provider,
  signer: string,
  trails: readonly Trail[],
  finality: LaneConfig["finality"],
): Promise<Survey> {
  const hashes = hashesOf(trails);
  const open = hashesOf(trails.filter(({ intent }) => intent.status === "open"));
  const [head, final, used, pending, receipts, transactions] = await ask([
    provider.getBlock("latest"),
    finality === "finalized" ? provider.getBlock("finalized") : null,
    provider.getTransactionCount(signer, "latest"),
    provider.getTransactionCount(signer, "pending"),
    Promise.all(hashes.map((hash) => provider.getTransactionReceipt(hash))),
    Promise.all(open.map((hash) => provider.getTransaction(hash))),
  ]);
  const { number, timestamp } = latest(head);
  return {
    head: { number, timestamp },
    finalBlock: finality === "finalized" ? (final?.number ?? -1) : number - finality,
    used,
    pending,
    receipts: new Map(receipts.flatMap((receipt, i) => (receipt === null ? [] : [[hashes[i]!, receipt]]))),
    known: new Set(open.filter((_, i) => transactions[i] !== null)),
  };
}

/** What a new transaction depends on, in one batch of requests. */
export async function readOutlook(provider: Provider, signer: string): Promise<Outlook> {
  const [head, fees, used, pending, balance] = await ask([
    provider.getBlock("latest"),
    provider.getFeeData(),
    provider.getTransactionCount(signer, "latest"),
    provider.getTransactionCount(signer, "pending"),
    provider.getBalance(signer),
  ]);
  const { number, timestamp, baseFeePerGas: baseFee } = latest(head);
  const priority = fees.maxPriorityFeePerGas;
  const market = baseFee === null || priority === null ? null : { baseFee, priority };
  return { head: { number, timestamp }, market, used, pending, balance };
}

const hashesOf = (trails: readonly Trail[]): string[] =>
  trails.flatMap(({ attempts }) => attempts.map(({ hash }) => hash));

function latest(block: Block | null): Block {
  if (block !== null) return block;
  throw new KeeperError("The node has no latest block.", "Wait until it is in sync, or name another one.");
}
