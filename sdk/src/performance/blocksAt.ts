import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { type PinnedBlock, pinBlock } from "../read/block.js";
import type { CrosshedgeVault } from "../vault.js";
import { checkSampleCount, inParallel, type SamplingOptions } from "./sampling.js";

/** Blocks on a grid of times. */
export interface GridOptions extends Omit<SamplingOptions, "known" | "onProgress"> {
  from: number;
  to: number;
  /** Seconds. */
  every: number;
}

/**
 * The last blocks at or before times on a grid between two blocks, ascending, each once: the first is `from`, and times count from it.
 *
 * A few requests a time: where blocks come regularly, the first guess is right.
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT, ABORTED
 */
export async function readBlocksAt(vault: CrosshedgeVault, options: GridOptions): Promise<PinnedBlock[]> {
  const { from, to, every } = options;
  const { provider } = vault.connection;
  if (!(every > 0)) throw new CrosshedgeError("BAD_ARGUMENT", "`every` must be above 0 seconds.");
  if (!(from < to)) throw new CrosshedgeError("BAD_ARGUMENT", "`from` must be before `to`.");
  const seen = new Map<number, Promise<PinnedBlock>>();
  const at = (number: number): Promise<PinnedBlock> => {
    const found = seen.get(number) ?? pinBlock(provider, number);
    seen.set(number, found);
    return found;
  };
  const [first, last] = await Promise.all([at(from), at(to)]);
  const count = Math.floor((last.timestamp - first.timestamp) / every);
  checkSampleCount(count, options);
  const times = Array.from({ length: count }, (_, k) => first.timestamp + (k + 1) * every);
  const blocks = await inParallel(times, options, (time) => lastBefore(time, first, last, at));
  return [first, ...blocks].filter((block, k, all) => k === 0 || block.number > (all[k - 1]?.number ?? -1));
}

/** By the straight line between two blocks, and by halves where that does not lead on. */
async function lastBefore(
  time: number,
  first: PinnedBlock,
  last: PinnedBlock,
  at: (number: number) => Promise<PinnedBlock>,
): Promise<PinnedBlock> {
  let [low, high] = [first, last];
  if (high.timestamp <= time) return high;
  for (let turn = 0; high.number - low.number > 1; turn++) {
    const share = turn % 2 === 0 ? (time - low.timestamp) / (high.timestamp - low.timestamp) : 0.5;
    const guess = Math.floor(low.number + share * (high.number - low.number));
    const middle = await at(Math.min(high.number - 1, Math.max(low.number + 1, guess)));
    if (middle.timestamp <= time) low = middle;
    else high = middle;
  }
  return low;
}
