import type { ConnectionTarget } from "../connection.js";
import type { ReadPoint } from "../multicall.js";
import type { PinnedBlock } from "./block.js";
import { isRaw } from "./ethCall.js";

/** Where to read what belongs to something that was read at a block already: at its hash, where the provider can, so that a reorg between is told. */
export function pointAt(
  { provider, multicall }: Pick<ConnectionTarget, "provider" | "multicall">,
  { number, hash }: Pick<PinnedBlock, "number" | "hash">,
): ReadPoint {
  return { provider, multicall, blockNumber: number, blockHash: (isRaw(provider) && hash) || undefined };
}
