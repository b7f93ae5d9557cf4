import type { ContractTransactionResponse, TransactionReceipt } from "ethers";
import { KeeperError } from "../errors.js";

/** One contract call, bound to its arguments. */
export interface BoundCall {
  readonly estimate: () => Promise<bigint>;
  readonly send: (overrides: { gasLimit: bigint }) => Promise<ContractTransactionResponse>;
}

/**
 * Send a transaction and wait until it is mined.
 *
 * @param gasLimit Null to estimate it, with a quarter more: what a venue needs depends on where its price stands
 */
export async function send(call: BoundCall, gasLimit: number | null): Promise<TransactionReceipt> {
  const limit = gasLimit === null ? ((await call.estimate()) * 5n) / 4n : BigInt(gasLimit);
  const response = await call.send({ gasLimit: limit });
  const receipt = await response.wait();
  if (receipt !== null) return receipt;
  throw new KeeperError(`Transaction ${response.hash} has no receipt.`, "Look it up before the next pass.");
}
