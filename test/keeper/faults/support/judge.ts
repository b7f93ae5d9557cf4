import { expect } from "chai";
import type { TransactionResponseParams } from "ethers";
import type { Store } from "../../../../keeper/src/store/open-store.js";
import type { ReceiptOf } from "../../../../keeper/src/store/verify/finding.js";
import { verifyJournal } from "../../../../keeper/src/store/verify/verify.js";
import type { FaultyChain } from "./chain.js";

type Mined = { hash: string; from: string; nonce: number };

/** Where a judgement begins. */
export interface Start {
  readonly block: number;
  readonly epoch: number;
  /** Transactions of the keeper. */
  readonly nonce: number;
}

/** What is judged. */
export interface Judged {
  readonly store: Store;
  readonly accounts: readonly string[];
  /** Transactions of theirs that no keeper has sent. */
  readonly foreign: readonly string[];
}

export async function startOf(chain: FaultyChain): Promise<Start> {
  const block = await chain.fixture.world.ethers.provider.getBlockNumber();
  return { block, epoch: await chain.epoch(), nonce: await chain.count("keeper") };
}

/** What an account has had mined since. */
export async function minedSince(chain: FaultyChain, { block }: Start, account: string): Promise<Mined[]> {
  const mined: Mined[] = [];
  const head = await chain.fixture.world.ethers.provider.getBlockNumber();
  for (let number = block + 1; number <= head; number += 1) {
    const { transactions } = await chain.request<{ transactions: TransactionResponseParams[] }>(
      "eth_getBlockByNumber",
      [`0x${number.toString(16)}`, true],
    );
    const own = transactions.filter(({ from }) => from.toLowerCase() === account.toLowerCase());
    mined.push(...own.map(({ hash, from, nonce }) => ({ hash, from, nonce: Number(nonce) })));
  }
  return mined;
}

/**
 * No intent is lost and none landed twice: everything that the accounts have had mined since is in the journal, each key landed at most
 * once, epochs are landed plans, no nonce waits behind a gap, and the journal agrees with itself and with the chain.
 */
export async function judge(chain: FaultyChain, start: Start, { store, accounts, foreign }: Judged): Promise<void> {
  const { db, journal } = store;
  const intents = await db.selectFrom("intents").selectAll().execute();
  const attempts = await db.selectFrom("attempts").selectAll().execute();
  const mined = (await Promise.all(accounts.map((account) => minedSince(chain, start, account)))).flat();
  const journaled = new Set([...attempts.map(({ hash }) => hash), ...foreign]);
  for (const { hash, nonce } of mined) {
    expect(journaled.has(hash), `transaction ${hash} of nonce ${nonce} is not in the journal`).to.equal(true);
  }
  const landed = intents.filter(({ status, succeeded }) => (status === "landed" || status === "final") && succeeded);
  const keys = landed.map(({ vault, key }) => `${vault} ${key.replace(/#\d+$/, "")}`);
  expect(keys, "an intent landed twice").to.have.length(new Set(keys).size);
  for (const { id } of landed) {
    const own = attempts.filter(({ intent_id, cancels }) => intent_id === id && !cancels);
    const inBlocks = own.filter(({ hash }) => mined.some((one) => one.hash === hash));
    expect(inBlocks, `transactions of intent ${id} in blocks`).to.have.length(1);
  }
  const plans = landed.filter(({ kind }) => kind === "rebalance").length;
  expect((await chain.epoch()) - start.epoch, "epochs and landed plans").to.equal(plans);
  for (const account of accounts) {
    const count = (tag: string) => chain.request<string>("eth_getTransactionCount", [account, tag]);
    expect(await count("pending"), `a transaction of ${account} waits`).to.equal(await count("latest"));
    expect(await journal.unsettled(31337, account), "unsettled intents").to.deep.equal([]);
  }
  const receiptOf: ReceiptOf = async (_, hash) => {
    const receipt = await chain.fixture.world.ethers.provider.getTransactionReceipt(hash);
    if (receipt === null) return null;
    const { blockNumber: block, blockHash, status, gasUsed, gasPrice } = receipt;
    return { block, blockHash, succeeded: status === 1, gasUsed, gasPrice };
  };
  expect(await verifyJournal(store.session, receiptOf)).to.deep.equal([]);
}
