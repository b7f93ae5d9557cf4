import type { OutcomeUsd } from "./execute/compare.js";
import type { Refusal } from "./execute/refusals.js";
import type { PredictedPost } from "./plan/build-plan.js";
import { type Cycles, cyclesOf } from "./plan/cycles.js";
import { describeOrder } from "./plan/describe-order.js";
import type { DutyKind } from "./plan/duties.js";
import { currentHedgeRatios } from "./plan/hedge-ratios.js";
import type { PlannedOrder } from "./plan/orders.js";
import type { TickResult } from "./tick-result.js";

/** What became of a duty. */
export interface DutyResult {
  readonly kind: DutyKind;
  readonly reason: string;
  /** Hash of its transaction; null where none was mined. */
  readonly transaction: string | null;
  readonly gasUsed: bigint;
  readonly refused: Refusal | null;
}

/** What one pass did: ticks until nothing more was to be done. */
export interface PassResult {
  /**
   * - poked: the covariance oracle was brought up to date and nothing else was to be done
   * - waiting: something is in flight, or the lane did not send
   * - paused: the operator has paused the vault
   */
  readonly action: "rebalanced" | "nothing" | "refused" | "poked" | "waiting" | "paused";
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
  /** What was done besides, in order. */
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
  readonly ticks: readonly TickResult[];
}

/** The ticks of a pass as one. */
export function passResultOf(ticks: readonly TickResult[]): PassResult {
  const main =
    ticks.findLast(({ kind }) => kind === "rebalance") ?? ticks.findLast(({ plan }) => plan !== null) ?? ticks.at(-1)!;
  const next = ticks[ticks.indexOf(main) + 1];
  const last = ticks.at(-1)!.observation.state;
  const { plan, observation, outcome, decisionHash } = main;
  const { state } = observation;
  const poked = ticks.reduce((sum, { folded }) => sum + folded, 0);
  const refused = refusalIn(main);
  const after = (next?.observation ?? observation).state.portfolio;
  const orders = plan?.orders ?? [];
  return {
    action: actionOf(main, poked, refused),
    reasons: plan?.reasons ?? main.reasons,
    block: state.block.number,
    timestamp: state.block.timestamp,
    orders,
    orderWords: orders.map((order) => describeOrder(order, state)),
    predicted: plan?.predicted ?? null,
    actual: outcome && {
      outcome,
      nav: Number(after.nav) / 1e18,
      exposure: after.exposure.map((value) => Number(value) / 1e18),
    },
    mismatches: next?.mismatches ?? [],
    hedgeRatios: currentHedgeRatios(last),
    duties: ticks.flatMap(dutyIn),
    poked,
    gasUsed: ticks.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    expectedCost: plan?.expectedCost ?? 0,
    cycles: plan?.cycles ?? cyclesOf(observation),
    decisionHash,
    transaction: main.kind === "rebalance" ? (main.sent?.attempt?.hash ?? null) : null,
    refused,
    ticks,
  };
}

function actionOf({ kind, codes, state }: TickResult, poked: number, refused: Refusal | null): PassResult["action"] {
  if (codes.includes("paused")) return "paused";
  if (refused !== null) return "refused";
  if (kind === "rebalance" && state === "landed") return "rebalanced";
  const unsettled = state !== "landed" && state !== "idle" && state !== "refused";
  if (unsettled || codes.some((code) => code.startsWith("wait."))) return "waiting";
  return poked > 0 ? "poked" : "nothing";
}

/** Of the plan: a duty's refusal stands with the duty. */
function refusalIn({ kind, plan, refused }: TickResult): Refusal | null {
  if (plan?.action === "refused") return { name: "NoAdmissiblePlan", message: plan.reasons.join("; ") };
  return kind === "rebalance" ? refused : null;
}

function dutyIn({ kind, reasons, sent, state, gasUsed, refused }: TickResult): DutyResult[] {
  if (kind === null || kind === "poke" || kind === "rebalance") return [];
  const transaction = state === "landed" ? (sent?.attempt?.hash ?? null) : null;
  return [{ kind, reason: reasons.join("; "), transaction, gasUsed, refused }];
}
