import { type PinnedBlock, pinBlock } from "@crosshedge/sdk";
import type { Provider } from "ethers";

/** Seconds that a block may be off the straight line between two others for those between to be taken from the line. */
const TOLERANCE = 60;
/** How many blocks between two others are read to see whether they are on the line. */
const PROBES = 3;

/**
 * Times of many blocks with few requests: where blocks come regularly, most are taken from the straight line between others.
 *
 * @param blocks Ascending, each once
 * @param known Blocks whose time is known
 * @returns Unix seconds by block
 */
export async function blockTimes(
  provider: Provider,
  blocks: readonly number[],
  known: readonly PinnedBlock[] = [],
): Promise<Map<number, number>> {
  const times = new Map(known.map(({ number, timestamp }) => [number, timestamp]));
  const read = async (block: number) => {
    if (!times.has(block)) times.set(block, (await pinBlock(provider, block)).timestamp);
  };
  /** Both ends are known. */
  const fill = async (first: number, last: number): Promise<void> => {
    if (last - first < 2) return;
    const [a, b] = [blocks[first]!, blocks[last]!];
    const [start, end] = [times.get(a)!, times.get(b)!];
    const line = (block: number) => Math.round(start + ((end - start) * (block - a)) / (b - a));
    const count = end - start <= TOLERANCE ? 0 : PROBES;
    const probes = Array.from({ length: count }, (_, k) =>
      Math.round(first + ((last - first) * (k + 1)) / (count + 1)),
    ).filter((index, k, all) => index > first && index < last && all.indexOf(index) === k);
    await Promise.all(probes.map((index) => read(blocks[index]!)));
    if (probes.every((index) => Math.abs(times.get(blocks[index]!)! - line(blocks[index]!)) <= TOLERANCE)) {
      for (const block of blocks.slice(first + 1, last)) if (!times.has(block)) times.set(block, line(block));
      return;
    }
    const ends = [first, ...probes, last];
    for (const [k, index] of ends.slice(1).entries()) await fill(ends[k]!, index);
  };
  if (blocks.length > 0) await Promise.all([read(blocks[0]!), read(blocks.at(-1)!)]);
  await fill(0, blocks.length - 1);
  return times;
}
