import {
  type ContractTransactionResponse,
  type Interface,
  isError,
  type Log,
  type LogDescription,
  type TransactionReceipt,
  type TransactionResponse,
} from "ethers";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { decodeError } from "./errors/decodeError.js";

/** Waits until a transaction is mined; one that was only repriced counts. */
export async function confirm(
  response: TransactionResponse | ContractTransactionResponse,
): Promise<TransactionReceipt> {
  try {
    const receipt = await response.wait();
    if (receipt !== null) return receipt;
  } catch (caught) {
    if (isError(caught, "TRANSACTION_REPLACED") && !caught.cancelled) return caught.receipt;
    const error = decodeError(caught);
    if (error.code !== "REVERTED") throw error;
    throw new CrosshedgeError("TRANSACTION_FAILED", `Transaction ${response.hash} reverted.`, { cause: error });
  }
  throw new CrosshedgeError("UNKNOWN", `Transaction ${response.hash} has no receipt.`);
}

/** The first event of a name that a contract emitted in a transaction. */
export function findEvent(
  receipt: TransactionReceipt,
  contract: { address: string; interface: Interface },
  name: string,
): LogDescription {
  const parsed = receipt.logs
    .filter((log: Log) => log.address.toLowerCase() === contract.address.toLowerCase())
    .map((log: Log) => contract.interface.parseLog(log));
  const found = parsed.find((log) => log?.name === name);
  if (found) return found;
  throw new CrosshedgeError(
    "EVENT_MISSING",
    `Transaction ${receipt.hash} has no ${name} event of ${contract.address}.`,
  );
}
