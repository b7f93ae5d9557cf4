import { type ContractTransactionResponse, isError, type TransactionReceipt } from "ethers";
import type { KeeperConfig } from "../config.js";
import { KeeperError } from "../errors.js";

/** One contract call, bound to its arguments. */
export interface BoundCall {
  readonly estimate: () => Promise<bigint>;
  readonly send: (overrides: { gasLimit: bigint }) => Promise<ContractTransactionResponse>;
}

/**
 * Send a transaction and wait until it is mined.
 *
 * The gas limit is estimated where it is null, with a quarter more: what a venue needs depends on where its price stands.
 *
 * @throws {KeeperError} not mined in time
 */
export async function send(
  call: BoundCall,
  { gasLimit, deadlineSeconds }: Pick<KeeperConfig["execution"], "gasLimit" | "deadlineSeconds">,
): Promise<TransactionReceipt> {
  const limit = gasLimit === null ? ((await call.estimate()) * 5n) / 4n : BigInt(gasLimit);
  const response = await call.send({ gasLimit: limit });
  const receipt = await response.wait(1, deadlineSeconds * 1000).catch((error: unknown) => {
    if (!isError(error, "TIMEOUT")) throw error;
    throw new KeeperError(
      `Transaction ${response.hash} was not mined in ${deadlineSeconds} seconds.`,
      "Replace or cancel it, with a higher fee, before the next pass.",
    );
  });
  if (receipt !== null) return receipt;
  throw new KeeperError(`Transaction ${response.hash} has no receipt.`, "Look it up before the next pass.");
}
