import type { CrosshedgeVault } from "@crosshedge/sdk";
import type { Signer } from "ethers";
import type { KeeperConfig } from "./config.js";
import { compareState } from "./execute/compare.js";
import { carryOutDuty, type DutyResult } from "./execute/duties.js";
import { dueTimes, type PokeResult, poke } from "./execute/poke.js";
import { rebalance } from "./execute/rebalance.js";
import type { RefusalCounter } from "./execute/refusals.js";
import { feedNews } from "./feed-news.js";
import type { Logger } from "./logger.js";
import type { FeedFaults, Observation, Observer } from "./observe/observe.js";
import { buildPlan, type PlanDecision } from "./plan/build-plan.js";
import { describeOrder } from "./plan/describe-order.js";
import { type Duty, type DutyMemory, dutiesAfter, dutiesBefore } from "./plan/duties.js";
import { currentHedgeRatios } from "./plan/hedge-ratios.js";
import { hashOf } from "./record/canonical-json.js";
import { recordOf } from "./record/decision.js";
import type { Recorder } from "./record/recorder.js";
import type { TickResult } from "./tick-result.js";

/** What a keeper remembers between passes; null before the first. */
export interface Notes {
  memory: DutyMemory | null;
  faults: FeedFaults | null;
}

/** What one pass works with. */
export interface Pass {
  readonly observer: Observer;
  readonly vault: CrosshedgeVault;
  readonly config: KeeperConfig;
  readonly signer: Signer;
  readonly counter: RefusalCounter;
  readonly logger: Logger;
  readonly recorder: Recorder;
  readonly notes: Notes;
}

/** One pass: observe, bring the oracle up to date, do what comes before a plan, plan, act, do what comes after it, record. */
export async function tick(pass: Pass): Promise<TickResult> {
  const { observer, config, logger, notes } = pass;
  const first = await observer.observe();
  reportFeeds(pass, first);
  const { observation: fresh, poked } = await bringUpToDate(pass, first);
  notes.memory ??= { feesAt: fresh.state.block.timestamp, settled: null };

  const before = await carryOutAll(pass, fresh, dutiesBefore(fresh.facts, notes.memory, config));
  const observation = before.some(sent) ? await observer.observe() : fresh;
  const decision = buildPlan(observation, config);
  const acted = await act(pass, observation, decision, poked);

  const landed = acted.action === "rebalanced";
  const later = landed ? await observer.observe() : observation;
  const after = await carryOutAll(pass, later, dutiesAfter(later.facts, notes.memory, config, landed));
  remember(notes, later, [...before, ...after], landed);
  const result = withDuties(acted, [...before, ...after]);
  await record(pass, observation, decision, result);
  const { action, reasons, gasUsed, refused } = result;
  const duties = result.duties.filter(sent).map(({ kind }) => kind);
  logger.info({ action, reasons, duties, gasUsed: gasUsed.toString(), refusal: refused?.name }, "pass done");
  return result;
}

/** Log what is new about the feeds. */
function reportFeeds({ logger, notes }: Pass, { faults, state }: Observation): void {
  const symbols = state.assets.map(({ symbol }) => symbol);
  for (const { level, details, message } of feedNews(notes.faults, faults, symbols)) logger[level](details, message);
  notes.faults = faults;
}

/** Fold the grid times of the covariance oracle that are due. */
async function bringUpToDate(pass: Pass, observation: Observation) {
  const { observer, config, signer, counter, logger } = pass;
  let poked: PokeResult = { folded: 0, gasUsed: 0n, refused: null };
  if (dueTimes(observation.grid, observation.state.block.timestamp).length === 0) return { observation, poked };
  poked = await poke(observation, signer, config);
  if (poked.refused !== null) {
    counter.add(poked.refused);
    logger.warn({ refusal: poked.refused.name }, "the covariance oracle did not take the rounds");
  }
  const changed = poked.folded > 0 || poked.refused !== null;
  return { observation: changed ? await observer.observe() : observation, poked };
}

async function carryOutAll(pass: Pass, { state }: Observation, duties: readonly Duty[]): Promise<DutyResult[]> {
  const results: DutyResult[] = [];
  for (const duty of duties) {
    const result = await carryOutDuty(duty, state, pass.signer, pass.config);
    if (result.refused !== null) {
      pass.counter.add(result.refused);
      pass.logger.warn({ duty: duty.kind, refusal: result.refused.name }, "the chain refused");
    }
    results.push(result);
  }
  return results;
}

/** Send the decision, if it is a plan. */
async function act(
  pass: Pass,
  observation: Observation,
  decision: PlanDecision,
  poked: PokeResult,
): Promise<TickResult> {
  const { config, signer, vault, counter } = pass;
  const { state } = observation;
  const decisionHash = hashOf(recordOf(observation, config, decision));
  const resting = poked.folded > 0 && decision.action === "nothing" ? "poked" : decision.action;
  const base: TickResult = {
    action: resting === "rebalance" ? "refused" : resting,
    reasons: decision.reasons,
    block: state.block.number,
    timestamp: state.block.timestamp,
    orders: decision.orders,
    orderWords: decision.orders.map((order) => describeOrder(order, state)),
    predicted: decision.predicted,
    actual: null,
    mismatches: [],
    hedgeRatios: currentHedgeRatios(state),
    duties: [],
    poked: poked.folded,
    gasUsed: poked.gasUsed,
    expectedCost: decision.expectedCost,
    cycles: decision.cycles,
    decisionHash,
    transaction: null,
    refused: decision.action === "refused" ? { name: "NoAdmissiblePlan", message: decision.reasons.join("; ") } : null,
  };
  if (base.refused !== null) counter.add(base.refused);
  if (decision.action !== "rebalance") return base;

  const result = await rebalance(state, decision, decisionHash, signer, config);
  if (!result.landed) {
    counter.add(result.refused);
    return { ...base, refused: result.refused };
  }
  const now = await vault.readState();
  return {
    ...base,
    action: "rebalanced",
    actual: {
      outcome: result.outcome,
      nav: Number(now.portfolio.nav) / 1e18,
      exposure: now.portfolio.exposure.map((value) => Number(value) / 1e18),
    },
    mismatches: decision.predicted === null ? [] : compareState(decision.predicted, now, config.execution.tolerance),
    hedgeRatios: currentHedgeRatios(now),
    gasUsed: base.gasUsed + result.gasUsed,
    transaction: result.hash,
  };
}

function withDuties(result: TickResult, duties: readonly DutyResult[]): TickResult {
  const gasUsed = duties.reduce((sum, duty) => sum + duty.gasUsed, result.gasUsed);
  return { ...result, duties, gasUsed };
}

/** A plan that lands accrues fees too. */
function remember(notes: Notes, { facts }: Observation, duties: readonly DutyResult[], landed: boolean): void {
  const { state, pricedAt } = facts;
  const memory = notes.memory!;
  const accrued = landed || duties.some((duty) => duty.kind === "accrueFees" && sent(duty));
  const settled = duties.some((duty) => duty.kind === "settle" && sent(duty));
  notes.memory = {
    feesAt: accrued ? state.block.timestamp : memory.feesAt,
    settled: settled ? { shares: state.queue.shares, pricedAt } : memory.settled,
  };
}

function sent({ transaction }: DutyResult): boolean {
  return transaction !== null;
}

async function record(pass: Pass, observation: Observation, decision: PlanDecision, result: TickResult): Promise<void> {
  const { action, actual, mismatches, transaction, refused, duties, gasUsed, decisionHash } = result;
  await pass.recorder.write({
    record: recordOf(observation, pass.config, decision),
    decisionHash,
    result: { action, actual, mismatches, transaction, refused, duties, gasUsed },
  });
}
