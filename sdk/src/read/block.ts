import type { BlockTag, Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { toCrosshedgeError } from "../errors/toCrosshedgeError.js";
import { isRaw, type RawProvider } from "./ethCall.js";

/** The block that a read is pinned to. */
export interface PinnedBlock {
  number: number;
  /** Null for a pending block. */
  hash: string | null;
  /** Unix seconds. */
  timestamp: number;
}

/** The block behind a tag such as "latest", resolved once so that every later call reads the same one. */
export async function pinBlock(provider: Provider, blockTag: BlockTag = "latest"): Promise<PinnedBlock> {
  const block = await (blockTag === "latest" && isRaw(provider) ? latest(provider) : provider.getBlock(blockTag)).catch(
    (caught: unknown) => {
      throw toCrosshedgeError(caught);
    },
  );
  if (block === null) throw new CrosshedgeError("READ_FAILED", `The node does not know block ${String(blockTag)}.`);
  return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
}

/** In the same tick as calls that go to the node directly, so that all is one batch: `getBlock` asks for the chain first. */
async function latest(provider: RawProvider): Promise<Record<keyof PinnedBlock, string> | null> {
  return (await provider.send("eth_getBlockByNumber", ["latest", false])) as Record<keyof PinnedBlock, string> | null;
}
