import type { KeeperConfig } from "../config.js";
import { buildPlan, type PlanDecision, planMargin } from "./build-plan.js";
import { type Duty, type DutyKind, type DutyMemory, dutiesAfter, dutiesBefore, heartbeatSeconds } from "./duties.js";
import { type DutyFacts, dutyFacts } from "./duty-facts.js";
import { dueTimes, type Grid } from "./grid.js";
import type { ReasonCode } from "./reason-codes.js";
import type { Situation } from "./situation.js";

/** What one transaction of a keeper is for. */
export type DecisionKind = "poke" | "rebalance" | DutyKind;

/** What has its turn: margin before all else has one of its own. */
export type Turn = DecisionKind | "margin";

/** Everything that a tick decides by. Kept with the tick, so that it can be decided again. */
export interface TickInputs {
  readonly situation: Situation;
  readonly grid: Grid;
  /** Read beside the situation. */
  readonly reading: Pick<DutyFacts, "modeAfterSync" | "pricedAt">;
  readonly memory: DutyMemory;
  /** What was planned, sent or refused already since there was last nothing to do: each has its turn once. */
  readonly tried: readonly Turn[];
  /** Why nothing may be sent now, whatever is due; null where it may. */
  readonly hold: { readonly code: ReasonCode; readonly reason: string } | null;
}

/** What one tick shall do: one transaction, or nothing. */
export interface Decision {
  readonly kind: DecisionKind | null;
  /** What makes it the same thing as before: it is done once. */
  readonly key: string | null;
  readonly codes: readonly ReasonCode[];
  /** In words, most important first. */
  readonly reasons: readonly string[];
  /** Null where something came before a plan, or it has had its turn. */
  readonly plan: PlanDecision | null;
  /** What has had its turn with this. */
  readonly turns: readonly Turn[];
  /** For a settlement: true if it is worth its gas even where it pays nothing. */
  readonly movesQueue: boolean;
}

/**
 * Decide what comes first: margin that is wanting if the oracle has fallen far behind, the oracle's grid, what changes what a plan may be,
 * the plan, what comes after it. Pure.
 */
export function decide(inputs: TickInputs, config: KeeperConfig): Decision {
  const { situation, grid, reading, memory, tried, hold } = inputs;
  const { state } = situation;
  if (hold !== null) return nothing([hold.code], [hold.reason], null);
  const due = dueTimes(grid, state.block.timestamp).length;
  if (due > config.execution.pokeBatch && !tried.includes("margin")) {
    const margin = planMargin(situation, config);
    if (margin.action === "rebalance") return { ...planned(margin, state.epoch), turns: ["margin"] };
  }
  if (due > 0 && !tried.includes("poke")) {
    const reasons = [`${due} grid times of the covariance oracle are due`];
    return { ...nothing(["poke.due"], reasons, null), kind: "poke", key: `poke:${grid.cursor}`, turns: ["poke"] };
  }
  const facts = dutyFacts(state, reading);
  const open = ({ kind }: Duty): boolean => !tried.includes(kind);
  const before = dutiesBefore(facts, memory, config).find(open);
  if (before !== undefined) return duty(before, null);
  const plan = tried.includes("rebalance") ? null : buildPlan(situation, config);
  if (plan?.action === "rebalance") return planned(plan, state.epoch);
  const after = dutiesAfter(facts, memory, config).find(open);
  if (after !== undefined) return duty(after, plan);
  return plan === null
    ? nothing(["nothing.due"], ["nothing else is due"], null)
    : nothing(plan.codes, plan.reasons, plan);
}

/** When something is due by the clock alone, unix seconds: a grid time, the end of the cooldown, or a sign of life. */
export function nextDue({ situation, grid }: TickInputs, config: KeeperConfig): number {
  const { block, lastSign, keeperReadyAt } = situation.state;
  const times = [grid.cursor + grid.step + 1, lastSign + Math.ceil(heartbeatSeconds(situation.state, config))];
  if (keeperReadyAt > block.timestamp) times.push(keeperReadyAt);
  return Math.min(...times);
}

function planned(plan: PlanDecision, epoch: bigint): Decision {
  return { ...nothing(plan.codes, plan.reasons, plan), kind: "rebalance", key: `epoch:${epoch}`, turns: ["rebalance"] };
}

function duty({ kind, code, reason, key, movesQueue = false }: Duty, plan: PlanDecision | null): Decision {
  const turns: Turn[] = plan === null ? [kind] : ["rebalance", kind];
  return { kind, key, codes: [code], reasons: [reason], plan, turns, movesQueue };
}

function nothing(codes: readonly ReasonCode[], reasons: readonly string[], plan: PlanDecision | null): Decision {
  return { kind: null, key: null, codes, reasons, plan, turns: [], movesQueue: false };
}
