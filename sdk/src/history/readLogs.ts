import type { Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decoded } from "../errors/decoded.js";
import { HistoryNode, RangeRefused } from "./node.js";
import { inOrder, type LogQuery, type RawLog } from "./rawLog.js";
import { AdaptiveSpan } from "./span.js";

/** Blocks to look for logs in, both included. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All logs of a range of blocks, in chain order, in as many requests as the node wants. It believes the node: a history in which nothing may
 * be missing is read with {@link readHistory}.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT for a range that ends before it begins; NETWORK, READ_FAILED, ABORTED; UNSUPPORTED for a provider that
 * passes no requests on
 * @example
 * const logs = await readLogs(provider, { addresses: [address], topics: [[topic]] }, { from, to });
 */
export async function readLogs(provider: Provider, query: LogQuery, { from, to, signal }: LogRange): Promise<RawLog[]> {
  return decoded(async () => {
    if (!(from <= to)) throw new CrosshedgeError("BAD_ARGUMENT", `There are no blocks from ${from} to ${to}.`);
    const node = new HistoryNode(provider, {}, signal);
    const span = new AdaptiveSpan(Number.POSITIVE_INFINITY);
    const found: RawLog[] = [];
    for (let at = from; at <= to; ) {
      const end = Math.min(to, at + span.blocks - 1);
      const [asked, began] = [end - at + 1, Date.now()];
      try {
        const logs = await node.logs(query, { from: at, to: end });
        span.answered(asked, logs.length, Date.now() - began);
        for (const log of logs) found.push(log);
        at = end + 1;
      } catch (caught) {
        if (!(caught instanceof RangeRefused)) throw caught;
        if (!span.refused(asked, caught.refusal)) throw caught.cause;
      }
    }
    return found.sort(inOrder);
  });
}
