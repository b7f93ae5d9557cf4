import type { Log, Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { toCrosshedgeError } from "../errors/toCrosshedgeError.js";

/** Which logs, in which blocks. */
export interface LogSearch {
  address: string;
  topics?: (string | string[] | null)[];
  fromBlock: number;
  toBlock: number;
}

/** Fewer blocks than this every node answers for. */
const LEAST_SPAN = 100;

/**
 * The logs of one contract, in order; the range is halved wherever the node refuses it. For few logs: a history that follows reorgs is read
 * with `readHistory`.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT for a range that ends before it begins; NETWORK where the node answers for no range
 */
export async function searchLogs(provider: Provider, search: LogSearch): Promise<Log[]> {
  const { fromBlock, toBlock } = search;
  if (!(fromBlock <= toBlock)) {
    throw new CrosshedgeError("BAD_ARGUMENT", `There are no blocks from ${fromBlock} to ${toBlock}.`);
  }
  try {
    return await provider.getLogs(search);
  } catch (caught) {
    if (toBlock - fromBlock < LEAST_SPAN) throw toCrosshedgeError(caught);
    const middle = Math.floor((fromBlock + toBlock) / 2);
    const before = await searchLogs(provider, { ...search, toBlock: middle });
    return [...before, ...(await searchLogs(provider, { ...search, fromBlock: middle + 1 }))];
  }
}
