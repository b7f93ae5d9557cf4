import type { Interface, Log, LogDescription, TransactionReceipt } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";

/**
 * The first event of a name that a contract emitted in a transaction for an account; a bundler's transaction has those of others too.
 *
 * @param isOwn Whether an event, by its arguments, is the account's
 * @throws {CrosshedgeError} EVENT_MISSING
 */
export function findEvent(
  receipt: TransactionReceipt,
  contract: { address: string; interface: Interface },
  name: string,
  isOwn: (args: Record<string, unknown>) => boolean,
): LogDescription {
  const parsed = receipt.logs
    .filter((log: Log) => log.address.toLowerCase() === contract.address.toLowerCase())
    .map((log: Log) => contract.interface.parseLog(log));
  const found = parsed.find((log) => log?.name === name && isOwn(log.args.toObject()));
  if (found) return found;
  throw new CrosshedgeError(
    "EVENT_MISSING",
    `Transaction ${receipt.hash} has no ${name} event of ${contract.address}.`,
  );
}
