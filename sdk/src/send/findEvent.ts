import type { Interface, Log, LogDescription, TransactionReceipt } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";

/**
 * The first event of a name that a contract emitted in a transaction.
 *
 * @throws {CrosshedgeError} EVENT_MISSING
 */
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
