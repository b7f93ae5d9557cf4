import { dutyMemory } from "./duty-memory.js";
import { type CarriedOut, carryOut } from "./execute/carry-out.js";
import { catchUp } from "./execute/catch-up.js";
import { reconcile } from "./execute/reconcile.js";
import type { KeeperContext } from "./keeper-context.js";
import type { LaneResult } from "./lane/lane.js";
import { coinPriceOf } from "./observe/coin-price.js";
import type { Observation, ObserveHint } from "./observe/observe.js";
import { type Decision, decide, nextDue } from "./plan/decide.js";
import { remember } from "./plan/duties.js";
import { toRow } from "./record/tick-row.js";
import { stopwatch } from "./stopwatch.js";
import { compareWithPlan, holdOf, inputsOf, known, observe, reportFeeds } from "./tick-inputs.js";
import type { TickResult } from "./tick-result.js";

/** What one tick is told. */
export interface TickHint extends ObserveHint {
  /** Ends the watching of what was sent; the next tick goes on with it. */
  readonly signal?: AbortSignal | undefined;
}

/** One tick: follow what is unsettled, observe, decide, write down, simulate, send, reconcile. At most one transaction. */
export async function tick(keeper: KeeperContext, hint: TickHint): Promise<TickResult> {
  const { config, journal, where, notes, now, step, model, acting } = keeper;
  const startedAt = now();
  const watch = stopwatch();
  const [{ costFactor: factor, paused }, followed, others, seen] = await watch.time("observe", () =>
    Promise.all([known(keeper), acting?.lane.follow() ?? [], acting?.lane.followOthers() ?? [], observe(keeper, hint)]),
  );
  const observation = { ...seen, costFactor: factor };
  await step("observed");
  reportFeeds(keeper, observation);
  await watch.time("journal", () => reconcileAll(keeper, [...followed, ...others], coinPriceOf(observation.state)));
  const mismatches = compareWithPlan(keeper, observation);
  notes.duties ??= await dutyMemory(journal, where, observation.state.block.timestamp);

  const hold = holdOf(keeper, followed, observation, paused);
  const inputs = inputsOf(observation, notes.duties, notes.tried, hold);
  const decision = await watch.time("plan", () => decide(inputs, config));
  await step("decided");
  const facts = { chainId: where.chainId, inputs, config, decision, model, startedAt, shadow: acting === null };
  const row = toRow(facts);
  const id = await watch.time("journal", () => journal.beginTick(row));
  await step("tickWritten");

  const made = await carryOut(
    keeper,
    { id, observation, decision, decisionHash: row.decision_hash, watch },
    hint.signal,
  );
  const more = moreAfter(decision, made);
  remembered(keeper, id, decision, made, observation, more);
  const { codes, reasons, kind, plan } = decision;
  const result: TickResult = {
    ...{ id, block: observation.state.block, kind, codes, reasons, plan, decisionHash: row.decision_hash },
    ...{ ...made, mismatches, nextDue: nextDue(inputs, config), milliseconds: watch.milliseconds, observation },
    more,
  };
  await watch.time("journal", () => journal.endTick(id, summaryOf(result)));
  await step("tickEnded");
  await prune(keeper);
  report(keeper, result);
  return result;
}

/** Write down what came of what was sent before. */
async function reconcileAll(
  keeper: KeeperContext,
  followed: readonly LaneResult[],
  coinPrice: number | null,
): Promise<void> {
  const { notes, where } = keeper;
  for (const result of followed) {
    if (result.attempt?.block) notes.minedAt = Math.max(notes.minedAt, result.attempt.block);
    predictedBy(keeper, result);
    if (!result.changed || (result.state !== "landed" && result.state !== "reverted")) continue;
    await reconcile(keeper, result, coinPrice);
    await keeper.step("reconciled");
  }
  await catchUp(keeper, where, coinPrice);
}

/** A plan that has landed since the tick that sent it is to be compared with the vault as well. */
function predictedBy({ notes }: KeeperContext, { intent, state }: LaneResult): void {
  if (notes.awaited === null || intent?.id !== notes.awaited.intent || state === "inFlight") return;
  if (state === "landed") notes.predicted = notes.awaited.predicted;
  notes.awaited = null;
}

/** Keep what the next tick must know of this one. */
function remembered(
  { notes }: KeeperContext,
  id: number,
  { kind, key, turns, plan }: Decision,
  { state, sent }: CarriedOut,
  observation: Observation,
  more: boolean,
): void {
  const landed = state === "landed";
  if (sent?.attempt?.block) notes.minedAt = Math.max(notes.minedAt, sent.attempt.block);
  if (landed && kind !== null && key !== null) {
    notes.duties = remember(notes.duties!, kind, key, observation.state.block.timestamp);
    if (kind === "rebalance") notes.predicted = plan?.predicted ?? null;
  }
  if (kind === "rebalance" && state === "inFlight" && sent?.intent?.tick_id === id) {
    notes.awaited = { intent: sent.intent.id, predicted: plan?.predicted ?? null };
  }
  if (state === "stale") return;
  // A poke that landed leaves the next one to be done.
  const had = landed ? turns.filter((turn) => turn !== "poke") : turns;
  notes.tried = more ? [...new Set([...notes.tried, ...had])] : [];
}

/** Whether others may have their turn now. */
function moreAfter({ kind, codes }: Decision, { state, sent }: CarriedOut): boolean {
  if (kind === null || codes.includes("heartbeat.due")) return false;
  // What reverted may have to wait for long, and nothing else shall wait with it.
  if (state === "notSent" && sent?.reason?.code === "reverted") return true;
  return state !== "inFlight" && state !== "notSent" && state !== "void";
}

const DAY = 86_400_000;

/** Once a day: idle ticks and inputs that are older than they are to be kept. */
async function prune({ notes, now, journal, config, where }: KeeperContext): Promise<void> {
  const { inputsDays } = config.journal;
  if (inputsDays === 0 || now() - notes.prunedAt < DAY) return;
  notes.prunedAt = now();
  await journal.pruneTicks(where, now() - inputsDays * DAY);
}

/** What the journal keeps of a result. */
function summaryOf({ state, sent, refused, outcome, mismatches, gasUsed, folded }: TickResult): object {
  const transaction = sent?.attempt?.hash ?? null;
  const reason = sent?.reason ?? null;
  return { state, transaction, reason, refused, outcome, mismatches, gasUsed: gasUsed.toString(), folded };
}

/** Reasons in a line of the log; `explain` has all. */
const MOST_REASONS = 3;

function report(
  { logger }: KeeperContext,
  { id, block, kind, codes, reasons, state, sent, refused, gasUsed, milliseconds }: TickResult,
): void {
  const transaction = sent?.attempt?.hash;
  const details = {
    tick: id,
    block: block.number,
    kind,
    codes,
    why: reasons.slice(0, MOST_REASONS),
    state,
    transaction,
    refusal: refused?.name,
    gasUsed: gasUsed.toString(),
    milliseconds: Object.fromEntries(Object.entries(milliseconds).map(([part, time]) => [part, Math.round(time)])),
  };
  logger.info(details, "tick done");
}
