import type { PinnedBlock } from "@crosshedge/sdk";
import type { OutcomeUsd } from "./execute/compare.js";
import type { Refusal } from "./execute/refusals.js";
import type { LaneResult } from "./lane/lane.js";
import type { Observation } from "./observe/observe.js";
import type { PlanDecision } from "./plan/build-plan.js";
import type { DecisionKind } from "./plan/decide.js";
import type { ReasonCode } from "./plan/reason-codes.js";

/** Parts of a tick that take time. */
export type TickPart = "observe" | "plan" | "simulate" | "journal" | "send";

/** What one tick did. */
export interface TickResult {
  /** Of the journal. */
  readonly id: number;
  /** The block that it was decided at. */
  readonly block: PinnedBlock;
  /** What was decided to do; null for nothing. */
  readonly kind: DecisionKind | null;
  readonly codes: readonly ReasonCode[];
  /** In words. */
  readonly reasons: readonly string[];
  /** Null where something came before a plan, or it has had its turn. */
  readonly plan: PlanDecision | null;
  /** Of the record of the decision, as it is logged on-chain with a plan. */
  readonly decisionHash: string;
  /**
   * What came of it: as the lane says, or
   * - idle: nothing was to be sent, or it would have done nothing
   * - refused: the chain would not take it, or not as predicted
   * - stale: its block was left by a reorg, or what went before it has changed what it was simulated on
   * - shadow: there is no key
   */
  readonly state: LaneResult["state"] | "idle" | "refused" | "stale" | "shadow";
  /** Null where nothing was handed to the lane. */
  readonly sent: LaneResult | null;
  /** By the chain, in the simulation or mined. */
  readonly refused: Refusal | null;
  /** What the Rebalancer measured; null unless a plan landed. */
  readonly outcome: OutcomeUsd | null;
  /** Where the vault differs from what the plan that landed before was predicted to lead to. */
  readonly mismatches: readonly string[];
  /** Grid times that a poke folded. */
  readonly folded: number;
  readonly gasUsed: bigint;
  /** True where another tick should follow at once: others may have their turn. */
  readonly more: boolean;
  /** When something is due by the clock alone, unix seconds. */
  readonly nextDue: number;
  readonly milliseconds: Readonly<Record<TickPart, number>>;
  readonly observation: Observation;
}
