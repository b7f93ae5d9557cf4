import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { type BloomBits, bloomBits, mayHave } from "./bloom.js";
import { agree, type ChainCounts, type Counts, confirmed, countOn, readCounts, rebalancersAt } from "./counts.js";
import { ChainMoved, type Header, type HistoryNode } from "./node.js";
import type { RangeReader, Subject } from "./rangeReader.js";

/** How it is made sure that no event is missing; see {@link HistoryOptions.completeness}. */
export type Completeness = "counters" | "headers" | "none";

const SECOND_LOOKS = 2;
const BLOCKS_AT_ONCE = 10;

/**
 * Look for blocks whose bloom filter may have an event that was not told, and read these and all blocks with events by their hashes.
 *
 * @param strict Whether headers without usable blooms are an error
 */
export async function fillByBlooms(
  node: HistoryNode,
  reader: RangeReader,
  from: number,
  to: number,
  strict: boolean,
): Promise<void> {
  const blocks = Array.from({ length: to - from + 1 }, (_, k) => from + k);
  const headers = await node.headers(blocks);
  for (const header of headers) {
    if (header === null) throw new ChainMoved("a block is gone");
    if (header.bloom !== null) reader.know(header);
  }
  for (let known = -1; known !== reader.followed.length; ) {
    known = reader.followed.length;
    const told = new Set(reader.logs.map(({ blockNumber }) => blockNumber));
    const wanted = reader.queries.map(({ addresses, topics }) =>
      [addresses, ...topics].map((allowed) => allowed.map(bloomBits)),
    );
    const suspects = (headers as Header[]).filter(({ number, bloom }) => {
      const usable = bloom !== null && !(told.has(number) && BigInt(bloom) === 0n);
      if (!usable && strict) throw noBlooms();
      return usable && (told.has(number) || wanted.some((places) => mayHaveOneOfEach(bloom, places)));
    });
    for (let at = 0; at < suspects.length; at += BLOCKS_AT_ONCE) {
      await Promise.all(suspects.slice(at, at + BLOCKS_AT_ONCE).map((header) => reader.readBlock(header)));
    }
    // A contract that came to light may have more, in blocks that were looked at before: once more then.
  }
}

const mayHaveOneOfEach = (bloom: string, places: readonly (readonly BloomBits[])[]): boolean =>
  places.every((allowed) => allowed.some((bits) => mayHave(bloom, bits)));

const noBlooms = (): CrosshedgeError =>
  new CrosshedgeError("UNSUPPORTED", "This chain's blocks have no bloom filters that could be used.", {
    nextStep: 'Use `completeness: "counters"`.',
  });

/**
 * Compare what a range's events add up to with the chain's own counters at its end; where they differ, read again, in halves, down to the
 * block with the gap.
 *
 * @param before Counts at the end of the block before the range
 * @throws {CrosshedgeError} READ_FAILED where the node does not give all events
 */
export async function fillByCounters(
  node: HistoryNode,
  { vault, names }: Subject,
  reader: RangeReader,
  before: Counts,
): Promise<Counts> {
  const countsAt = async (block: number): Promise<ChainCounts | null> =>
    readCounts(node, vault, rebalancersAt(reader.followed, block), block);
  const after = (start: Counts, from: number, to: number): Counts => countOn(start, vault, reader.events(from, to));
  const fits = (counts: Counts, chain: ChainCounts, block: number): boolean =>
    !reader.hasGap(block) && agree(counts, chain, names, reader.followed, block);

  /** Gives the chain's counters at the end of the part, read again for contracts that came to light. */
  const fill = async (start: Counts, from: number, to: number): Promise<void> => {
    for (let look = 0; look < SECOND_LOOKS; look += 1) {
      const header = from === to ? await node.header(from) : null;
      if (header) await reader.readBlock(header);
      else await reader.read(from, to);
      await reader.settle();
      const chain = await countsAt(to);
      if (chain === null || fits(after(start, from, to), chain, to)) return;
    }
    if (from === to) throw incomplete(from, to);
    const middle = Math.floor((from + to) / 2);
    const chain = await countsAt(middle);
    if (chain === null || !fits(after(start, from, middle), chain, middle)) await fill(start, from, middle);
    const upTo = after(start, from, middle);
    const end = await countsAt(to);
    if (end === null || !fits(after(upTo, middle + 1, to), end, to)) await fill(upTo, middle + 1, to);
  };

  let chain = await countsAt(reader.to);
  let counts = after(before, reader.from, reader.to);
  if (chain === null) {
    const unborn = reader.followed.length === 0 && (await node.hasCode(vault, reader.to)) === false;
    return unborn ? { ...counts, checkedTo: reader.to } : counts;
  }
  if (!fits(counts, chain, reader.to)) {
    if (before.checkedTo < reader.from - 1) throw incomplete(before.checkedTo + 1, reader.to);
    await fill(before, reader.from, reader.to);
    counts = after(before, reader.from, reader.to);
    chain = await countsAt(reader.to);
    if (chain === null || !fits(counts, chain, reader.to)) throw incomplete(reader.from, reader.to);
  }
  return confirmed(counts, chain, reader.to);
}

function incomplete(from: number, to: number): CrosshedgeError {
  return new CrosshedgeError("READ_FAILED", `The node does not give all events of blocks ${from} to ${to}.`, {
    nextStep: "Go on from the error's `cursor` with another node, or with a narrower `maxRange`.",
  });
}
