import type { KeeperContext } from "../keeper-context.js";
import type { LaneResult } from "../lane/lane.js";
import { coinPriceOf } from "../observe/coin-price.js";
import type { Observation } from "../observe/observe.js";
import type { Decision } from "../plan/decide.js";
import type { ReasonCode } from "../plan/reason-codes.js";
import { classifyRpcError } from "../rpc/classify.js";
import type { Stopwatch } from "../stopwatch.js";
import type { TickResult } from "../tick-result.js";
import { notionalOf } from "./notional.js";
import { reconcile } from "./reconcile.js";
import type { Refusal } from "./refusals.js";
import { callOf, type DecidedCall } from "./transaction.js";

/** What became of a decision. */
export type CarriedOut = Pick<TickResult, "state" | "sent" | "refused" | "outcome" | "folded" | "gasUsed">;

/** A decision that is written down already. */
export interface WrittenDecision {
  /** Of its tick. */
  readonly id: number;
  readonly observation: Observation;
  readonly decision: Decision;
  readonly decisionHash: string;
  readonly watch: Stopwatch;
}

const IDLE: CarriedOut = { state: "idle", sent: null, refused: null, outcome: null, folded: 0, gasUsed: 0n };
/** What may cost more than other transactions, as waiting may cost more still. */
const URGENT: readonly ReasonCode[] = ["plan.marginAdd", "plan.reductionsOnly", "sync.stricter", "heartbeat.urgent"];

/** Simulate a decision and, if the chain would do what was predicted, send it through the lane and reconcile what was mined. */
export async function carryOut(
  keeper: KeeperContext,
  written: WrittenDecision,
  signal?: AbortSignal,
): Promise<CarriedOut> {
  const { config, counter, logger, acting, step } = keeper;
  const { observation, decision, decisionHash, watch } = written;
  const { plan } = decision;
  if (plan?.action === "refused") counter.add({ name: "NoAdmissiblePlan", message: plan.reasons.join("; ") });
  const call = callOf(decision, observation, decisionHash, config);
  if (call === null) return IDLE;
  if (acting === null) return { ...IDLE, state: "shadow" };

  const { lane, simulator } = acting;
  const tried = await watch.time("simulate", async () => {
    try {
      return await Promise.all([simulator.simulate(call, decision, observation.state), lane.outlook()]);
    } catch (caught) {
      if (classifyRpcError(caught).meaning === "staleBlock") return null;
      throw caught;
    }
  });
  if (tried === null) return { ...IDLE, state: "stale" };
  const [simulated, outlook] = tried;
  await step("simulated");
  if (simulated.verdict === "pointless") return IDLE;
  if (simulated.verdict === "refused") {
    counter.add(simulated.refusal);
    logger.warn({ kind: call.kind, refusal: simulated.refusal.name }, "the chain refused");
    return { ...IDLE, state: "refused", refused: simulated.refusal };
  }
  const { target, data } = simulated.call;
  const intent = {
    vault: keeper.where.vault,
    tick_id: written.id,
    ...{ kind: call.kind, key: decision.key!, target, data },
    deadline: observation.state.block.timestamp + config.execution.deadlineSeconds,
    notional: decision.kind === "rebalance" && plan !== null ? notionalOf(plan, observation.state) : null,
    urgent: decision.codes.some((code) => URGENT.includes(code)),
    ...(simulated.gasLimit !== null && { gas_limit: simulated.gasLimit }),
  };
  const sent = await watch.time("send", () =>
    lane.send(intent, signal, { outlook, block: observation.state.block.number }),
  );
  return outcomeOf(keeper, call, sent, coinPriceOf(observation.state));
}

async function outcomeOf(
  keeper: KeeperContext,
  { kind, folds }: DecidedCall,
  sent: LaneResult,
  coinPrice: number | null,
): Promise<CarriedOut> {
  const { counter, logger, step } = keeper;
  const { state, attempt, reason } = sent;
  const base = { ...IDLE, state, sent, gasUsed: BigInt(attempt?.gas_used ?? 0) };
  if (state !== "landed" && state !== "reverted") {
    logger.warn({ kind, state, reason: reason?.code }, reason?.message ?? "not landed yet");
    // It is planned again on what there is now.
    return reason?.code === "notWanted" && state === "notSent" ? { ...base, state: "stale" } : base;
  }
  const outcome = await reconcile(keeper, sent, coinPrice);
  await step("reconciled");
  if (state === "landed") return { ...base, outcome, folded: folds };
  const refused: Refusal = { name: reason?.code ?? "Reverted", message: reason?.message ?? "the transaction reverted" };
  counter.add(refused);
  return { ...base, refused };
}
