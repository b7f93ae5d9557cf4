import type { KeeperConfig } from "../config.js";
import type { EventWindow } from "../model/stress/event-windows.js";
import type { ScenarioGroup } from "../model/stress/scenario.js";
import type { Cycles } from "../plan/cycles.js";
import type { FailurePropagation } from "./failure/failure-propagation.js";
import type { PriceHistory } from "./price-history.js";
import type { ReplayResult } from "./replay.js";
import type { ScenarioResult } from "./run-scenario.js";

/** How a vault is stressed. */
export interface StressOptions {
  /** The keeper's, for how it brings margin. */
  readonly config: KeeperConfig;
  /** Without it there are no replays, and downside and upside betas are taken from the forecast's. */
  readonly prices?: PriceHistory;
  /** The windows that are replayed; the known events where it is left out. */
  readonly windows?: readonly EventWindow[];
  /** Hours from when a margin is low until more of it is there; nobody brings any in a replay where it is left out. */
  readonly topUpLatency?: number;
  /** Margin over notional below which a venue that does not tell liquidates, 1.0 = 100%; Perp v2's 6.25% where it is left out. */
  readonly maintenance?: number;
  /** Share of the notional that a liquidation takes; LIQUIDATION_PENALTY where it is left out. */
  readonly liquidationPenalty?: number;
  /** Figures that replace those assumed of failures around the vault. */
  readonly failures?: unknown;
}

/** Results of one kind of scenario. */
export interface GroupResult extends Omit<ScenarioGroup, "scenarios"> {
  readonly results: readonly ScenarioResult[];
}

/** The worst of several outcomes. */
export interface WorstCase {
  readonly name: string;
  /** Loss over the NAV before, never negative, 1.0 = 100%. */
  readonly loss: number;
}

/** What may happen to a vault as it stands. */
export interface StressReport {
  readonly vault: {
    readonly address: string;
    readonly name: string;
    readonly block: number;
    readonly timestamp: number;
  };
  /** USD. */
  readonly nav: number;
  /** The vault before anything happens. */
  readonly now: ScenarioResult;
  readonly groups: readonly GroupResult[];
  readonly replays: readonly ReplayResult[];
  readonly failures: FailurePropagation;
  /** Where the market stands in its cycle. */
  readonly cycles: Cycles;
  /** The worst of all scenarios by `counted`, and of all replays by their lowest hour; null where there are none. */
  readonly worst: { readonly scenario: WorstCase | null; readonly replay: WorstCase | null };
  /** What a reader should know of how it was made, in words. */
  readonly notes: readonly string[];
}
