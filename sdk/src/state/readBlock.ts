import type { Connection } from "../connection.js";
import type { ReadPoint } from "../multicall.js";
import type { Batch } from "../read/batch.js";
import { type PinnedBlock, pinBlock } from "../read/block.js";
import { addClock } from "../read/clock.js";
import { pointAt } from "../read/pointAt.js";
import type { ReadBlock } from "./readState.js";

/** A block that is known already, read by its number, or at its hash. */
export function knownBlock(block: PinnedBlock, at: ReadPoint): ReadBlock {
  return { at, settle: async () => ({ block, at }) };
}

/**
 * Whatever block the node is at: asked for beside the read, and believed if Multicall3 tells its number and its time. Elsewhere than on chains
 * whose contracts see the number of another chain they differ only where a block came in between.
 *
 * @param batch Of the first read
 */
export function latestBlock(connection: Connection, multicall: string, batch: Batch): ReadBlock["settle"] {
  const header = pinBlock(connection.provider);
  // The read may fail first.
  header.catch(() => undefined);
  const isOf = addClock(batch, multicall);
  return async () => {
    const block = await header;
    if (!isOf(block)) return null;
    return { block, at: pointAt(connection, block) };
  };
}
