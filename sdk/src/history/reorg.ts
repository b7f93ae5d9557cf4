import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { countOn } from "./counts.js";
import type { HistoryCursor } from "./cursor.js";
import type { VaultEvent } from "./events.js";
import { followedAt } from "./followed.js";
import type { HistoryNode } from "./node.js";
import { eventOf } from "./rangeReader.js";

/**
 * The last block of a cursor that the chain still has; null where nothing was replaced. A node that is behind the cursor replaces nothing: it
 * is asked about the blocks that it has.
 *
 * @param head Number of the node's latest block
 */
export async function findFork(node: HistoryNode, cursor: HistoryCursor, head: number): Promise<number | null> {
  const known = cursor.checkpoints.filter(({ number }) => number <= head);
  const last = known.at(-1);
  if (last === undefined) return null;
  const now = await node.header(last.number);
  if (now === null || now.hash === last.hash) return null;
  const headers = await node.headers(known.map(({ number }) => number));
  const same = known.filter(({ hash }, k) => headers[k]?.hash === hash).at(-1);
  if (same !== undefined) return same.number;
  throw new CrosshedgeError(
    "READ_FAILED",
    `Block ${known[0]?.number}, the first that the cursor knows, was replaced.`,
    {
      nextStep: "Read the history anew, without the cursor, and with a larger `reorgDepth`.",
    },
  );
}

/** The cursor as it was after a block, and what was told since, the newest first. */
export function rewind(cursor: HistoryCursor, to: number): { cursor: HistoryCursor; removed: VaultEvent[] } {
  const left = cursor.unfinal.filter(({ log }) => log.blockNumber > to);
  const removed = left
    .map(eventOf)
    .filter((event) => event !== null)
    .reverse();
  const counts = countOn(cursor.counts, cursor.vault, removed, -1);
  return {
    removed,
    cursor: {
      ...cursor,
      next: to + 1,
      checkpoints: cursor.checkpoints.filter(({ number }) => number <= to),
      unfinal: cursor.unfinal.filter(({ log }) => log.blockNumber <= to),
      followed: followedAt(cursor.followed, to),
      counts: { ...counts, checkedTo: Math.min(counts.checkedTo, to) },
    },
  };
}
