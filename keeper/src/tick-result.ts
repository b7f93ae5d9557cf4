import type { OutcomeUsd } from "./execute/compare.js";
import type { DutyResult } from "./execute/duties.js";
import type { Refusal } from "./execute/refusals.js";
import type { PredictedPost } from "./plan/build-plan.js";
import type { Cycles } from "./plan/cycles.js";
import type { PlannedOrder } from "./plan/orders.js";

/** What one pass did. */
export interface TickResult {
  /** "poked" where the covariance oracle was brought up to date and nothing else was to be done. */
  readonly action: "rebalanced" | "nothing" | "refused" | "poked";
  /** In words. */
  readonly reasons: readonly string[];
  readonly block: number;
  /** Unix seconds. */
  readonly timestamp: number;
  readonly orders: readonly PlannedOrder[];
  /** The orders in words, amounts in whole tokens. */
  readonly orderWords: readonly string[];
  readonly predicted: PredictedPost | null;
  /** What the Rebalancer measured, and the vault afterwards; null unless a plan landed. USD. */
  readonly actual: { readonly outcome: OutcomeUsd; readonly nav: number; readonly exposure: readonly number[] } | null;
  /** Where the vault differs from the prediction by more than the tolerance. */
  readonly mismatches: readonly string[];
  /** Shorts over unhedged exposure after the pass, by symbol of the instrument's asset. */
  readonly hedgeRatios: Readonly<Record<string, number>>;
  /** What was done besides, in this order: sync, fees, settlement, alarm, heartbeat. */
  readonly duties: readonly DutyResult[];
  /** Grid times folded. */
  readonly poked: number;
  /** Of every transaction of the pass. */
  readonly gasUsed: bigint;
  /** Expected cost of the trades, USD. */
  readonly expectedCost: number;
  /** Where the market stands in its cycle, as the decision took it. */
  readonly cycles: Cycles;
  readonly decisionHash: string;
  /** Hash of the plan's transaction. */
  readonly transaction: string | null;
  /** Why the plan was refused: by the chain, or because no admissible plan was found. */
  readonly refused: Refusal | null;
}
