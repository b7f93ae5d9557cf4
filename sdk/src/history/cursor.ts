import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { Counts } from "./counts.js";
import type { VaultEventName } from "./events.js";
import type { Followed } from "./followed.js";
import type { FoundLog } from "./rangeReader.js";

/** A block of the chain as it was when its events were told. */
export interface Checkpoint {
  readonly number: number;
  readonly hash: string;
}

/**
 * Where a reader of a vault's history stands: plain JSON, to be kept with what was read. With it {@link readHistory} goes on after a restart,
 * tells each event once, and tells what a reorg has taken back since.
 */
export interface HistoryCursor {
  readonly version: 1;
  /** Decimal. */
  readonly chainId: string;
  readonly vault: string;
  /** Which events are told; null for all. */
  readonly names: readonly VaultEventName[] | null;
  /** First block of the history. */
  readonly from: number;
  /** Everything below this block is told. */
  readonly next: number;
  /** Ascending: blocks that can still be replaced, as they were told, and one that cannot. */
  readonly checkpoints: readonly Checkpoint[];
  /** What was told of blocks that can still be replaced. */
  readonly unfinal: readonly FoundLog[];
  /** Contracts of the vault, with the blocks in which they were its own. */
  readonly followed: readonly Followed[];
  /** True where nothing is known of the time before `from`: the vault's first event must follow. */
  readonly blind: boolean;
  /** What the chain's counters must show after all that was told. */
  readonly counts: Counts;
}

/** A cursor as it was kept, checked against what it is used for. */
export function checkCursor(
  given: HistoryCursor,
  wanted: { chainId: string; vault: string; names: readonly VaultEventName[] | null; from: number | undefined },
): HistoryCursor {
  const wrong = (what: string): CrosshedgeError =>
    new CrosshedgeError("BAD_ARGUMENT", `The cursor ${what}.`, {
      nextStep: "Use the cursor for the history that it came from, or read from the beginning without one.",
    });
  if (typeof given !== "object" || given === null || given.version !== 1 || !Number.isSafeInteger(given.next)) {
    throw wrong("is none of a history");
  }
  if (![given.checkpoints, given.unfinal, given.followed].every(Array.isArray)) throw wrong("is incomplete");
  if (given.chainId !== wanted.chainId) throw wrong(`is of chain ${given.chainId}, the provider on ${wanted.chainId}`);
  if (given.vault !== wanted.vault) throw wrong(`is of the vault ${given.vault}`);
  if ((given.names ?? []).join() !== (wanted.names ?? []).join()) throw wrong("is of other events than `names` says");
  if (wanted.from !== undefined && wanted.from !== given.from) throw wrong(`is of a history from block ${given.from}`);
  return given;
}
