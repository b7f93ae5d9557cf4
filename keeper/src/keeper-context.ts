import type { CrosshedgeVault } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "./config.js";
import type { RefusalCounter } from "./execute/refusals.js";
import type { Simulator } from "./execute/simulate.js";
import type { Lane, StepHook } from "./lane/lane.js";
import type { Logger } from "./logger.js";
import type { FeedFaults, Observer } from "./observe/observe.js";
import type { PredictedPost } from "./plan/build-plan.js";
import type { Turn } from "./plan/decide.js";
import type { DutyMemory } from "./plan/duties.js";
import type { Journal, VaultKey } from "./store/journal.js";

/** What a keeper remembers between ticks; all but the predictions can be had again from the journal. */
export interface Notes {
  duties: DutyMemory | null;
  faults: FeedFaults | null;
  tried: readonly Turn[];
  /** The youngest block that something of this keeper's was mined in. */
  minedAt: number;
  /** When inputs were pruned last, milliseconds. */
  prunedAt: number;
  /** Of the plan that landed last, until it is compared with the vault. */
  predicted: PredictedPost | null;
  /** Of the plan that this process has sent and not seen mined yet. */
  awaited: { readonly intent: number; readonly predicted: PredictedPost | null } | null;
}

/** What one keeper works with. */
export interface KeeperContext {
  readonly where: VaultKey;
  readonly provider: Provider;
  readonly vault: CrosshedgeVault;
  readonly observer: Observer;
  readonly config: KeeperConfig;
  readonly journal: Journal;
  /** Null for a shadow. */
  readonly acting: { readonly lane: Lane; readonly simulator: Simulator } | null;
  readonly counter: RefusalCounter;
  readonly logger: Logger;
  readonly now: () => number;
  /** Oldest latest block that is believed, seconds; null: any. */
  readonly maxHeadAge: number | null;
  readonly step: StepHook;
  readonly notes: Notes;
  /** Hash of the code that decides. */
  readonly model: string;
}
