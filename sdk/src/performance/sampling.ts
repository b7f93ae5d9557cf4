import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { VaultState } from "../state/types.js";
import type { CrosshedgeVault } from "../vault.js";

/** How far a long reading has come; `S` is what it reads at each block. */
export interface SamplingProgress<S = VaultState> {
  /** What is being read. */
  stage: "events" | "states" | "values";
  done: number;
  total: number;
  /** What was read just now: keep it, and hand it in as `known` to go on after an interruption. */
  state?: S;
}

/** How to read many blocks; `S` is what is read at each. */
export interface SamplingOptions<S = VaultState> {
  /** Blocks that are read at the same time, 8 by default. */
  concurrency?: number;
  /** What was read before, of the same vault and account, in any order: these blocks are not read again. */
  known?: readonly S[];
  signal?: AbortSignal;
  /** Told of each block that was read. */
  onProgress?: (progress: SamplingProgress<S>) => void;
  /** Most blocks to read, 2,000 by default: more is refused before anything is read. */
  maxSamples?: number;
}

const CONCURRENCY = 8;
const MAX_SAMPLES = 2_000;

/**
 * What a function makes of many things, so many at a time, in order.
 *
 * @throws {CrosshedgeError} ABORTED
 */
export async function inParallel<T, R>(
  items: readonly T[],
  { concurrency = CONCURRENCY, signal }: Pick<SamplingOptions, "concurrency" | "signal">,
  run: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new CrosshedgeError("BAD_ARGUMENT", "`concurrency` must be a whole number above 0.");
  }
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      if (signal?.aborted) throw new CrosshedgeError("ABORTED", "The report was no longer wanted.");
      const index = next++;
      results[index] = await run(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  return results;
}

/** Refuses more blocks than a reading may have. */
export function checkSampleCount(
  count: number,
  { maxSamples = MAX_SAMPLES }: Pick<SamplingOptions, "maxSamples">,
): void {
  if (count <= maxSamples) return;
  throw new CrosshedgeError("BAD_ARGUMENT", `The report needs ${count} blocks to be read, more than ${maxSamples}.`, {
    nextStep: "Split the period, or raise `maxSamples`.",
  });
}

/** What is read at many blocks, in their order; what is known is not read again. */
export async function readAtBlocks<S>(
  blocks: readonly number[],
  options: SamplingOptions<S>,
  blockOf: (sample: S) => number,
  read: (block: number) => Promise<S>,
): Promise<S[]> {
  const known = new Map((options.known ?? []).map((sample) => [blockOf(sample), sample]));
  const missing = [...new Set(blocks)].filter((block) => !known.has(block));
  checkSampleCount(missing.length, options);
  let done = 0;
  await inParallel(missing, options, async (block) => {
    const state = await read(block);
    known.set(block, state);
    options.onProgress?.({ stage: "states", done: ++done, total: missing.length, state });
  });
  return blocks.map((block) => known.get(block) as S);
}

/**
 * The vault at many blocks, in their order; the node must keep the state of each (an archive node for old ones).
 *
 * @throws {CrosshedgeError} BAD_ARGUMENT for too many blocks, READ_FAILED where the node does not have a block's state, ABORTED
 */
export async function readStates(
  vault: CrosshedgeVault,
  blocks: readonly number[],
  options: SamplingOptions = {},
): Promise<VaultState[]> {
  const layout = vault.layout;
  const states = await readAtBlocks(
    blocks,
    options,
    ({ block }) => block.number,
    (block) => vault.readState({ blockTag: block }),
  );
  // An old block may have shown other legs: the vault is left knowing those of now.
  if (vault.layout !== layout) await vault.readState();
  return states;
}
