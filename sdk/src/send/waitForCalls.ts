import { BrowserProvider, type Eip1193Provider, type Log, TransactionReceipt } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import { pause, unlessAborted } from "./abort.js";
import { type CallsStatus, statusOfCalls } from "./callsWallet.js";
import { checkChain } from "./checkTerms.js";
import type { WaitOptions } from "./stages.js";

const MOST_FAILURES = 5;

/**
 * Waits until a wallet has brought a batch onto the chain; the receipt has the logs of the batch's own calls.
 *
 * @throws {CrosshedgeError} TRANSACTION_FAILED, READ_FAILED where the wallet does not know the batch, WRONG_CHAIN, ABORTED, NETWORK
 */
export async function waitForCalls(
  wallet: Eip1193Provider,
  { id, chainId }: { id: string; chainId: bigint },
  { pollingInterval = 1_000, signal }: Pick<WaitOptions, "pollingInterval" | "signal">,
): Promise<TransactionReceipt> {
  for (let failures = 0; ; await pause(pollingInterval, signal)) {
    try {
      const status = await unlessAborted(statusOfCalls(wallet, id), signal);
      if (status === null) throw new CrosshedgeError("READ_FAILED", `The wallet does not know the batch ${id}.`);
      const receipt = await receiptOf(wallet, { id, chainId }, status);
      if (receipt !== null) return receipt;
      failures = 0;
    } catch (caught) {
      const error = decodeError(caught);
      failures += 1;
      if (error.code !== "NETWORK" || failures >= MOST_FAILURES) throw error;
    }
  }
}

async function receiptOf(
  wallet: Eip1193Provider,
  { id, chainId }: { id: string; chainId: bigint },
  answer: CallsStatus,
): Promise<TransactionReceipt | null> {
  const { status, receipts = [] } = answer;
  if (status < 200) return null;
  const hash = receipts.at(-1)?.transactionHash;
  if (status >= 300) throw failure(id, status, hash);
  if (hash === undefined) return null;
  const provider = new BrowserProvider(wallet, "any");
  try {
    const whole = await provider.getTransactionReceipt(hash);
    // Another chain will never have it.
    if (whole === null) await checkChain(provider, chainId);
    const logs = receipts.flatMap((each) => each.logs);
    return whole && withLogs(whole, logs);
  } finally {
    provider.destroy();
  }
}

function failure(id: string, status: number, hash: string | undefined): CrosshedgeError {
  const what =
    status < 500
      ? "was given up by the wallet and never sent"
      : status < 600
        ? "was mined and reverted"
        : "was carried out in part";
  return new CrosshedgeError("TRANSACTION_FAILED", `The batch ${id} ${what} (status ${status}).`, {
    ...(hash === undefined ? {} : { hash }),
  });
}

/** Several users' batches may share one transaction. */
function withLogs(
  receipt: TransactionReceipt,
  logs: readonly Pick<Log, "address" | "data" | "topics">[],
): TransactionReceipt {
  const { hash: transactionHash, blockHash, blockNumber, index: transactionIndex } = receipt;
  const place = { transactionHash, blockHash, blockNumber, transactionIndex, removed: false };
  const own = logs.map(({ address, data, topics }, index) => ({ ...place, address, data, topics, index }));
  const { to, from, contractAddress, logsBloom, gasUsed, cumulativeGasUsed, gasPrice, type, status, root } = receipt;
  const facts = { to, from, contractAddress, logsBloom, gasUsed, cumulativeGasUsed, gasPrice, type, status, root };
  return new TransactionReceipt(
    { ...facts, hash: transactionHash, index: transactionIndex, blockHash, blockNumber, logs: own },
    receipt.provider,
  );
}
