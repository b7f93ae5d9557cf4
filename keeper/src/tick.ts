import type { CrosshedgeVault } from "@crosshedge/sdk";
import type { Provider } from "ethers";
import type { KeeperConfig } from "./config.js";
import { dutyMemory } from "./duty-memory.js";
import { type CarriedOut, carryOut } from "./execute/carry-out.js";
import { compareState } from "./execute/compare.js";
import { reconcile } from "./execute/reconcile.js";
import type { RefusalCounter } from "./execute/refusals.js";
import type { Simulator } from "./execute/simulate.js";
import { feedNews } from "./feed-news.js";
import type { Lane, LaneResult, StepHook } from "./lane/lane.js";
import type { Logger } from "./logger.js";
import type { FeedFaults, Observation, ObserveHint, Observer } from "./observe/observe.js";
import type { PredictedPost } from "./plan/build-plan.js";
import { costFactor } from "./plan/cost-factor.js";
import { type Decision, decide, nextDue, type TickInputs, type Turn } from "./plan/decide.js";
import { type DutyMemory, remember } from "./plan/duties.js";
import { toRow } from "./record/tick-row.js";
import { classifyRpcError } from "./rpc/classify.js";
import { stopwatch } from "./stopwatch.js";
import type { Journal, VaultKey } from "./store/journal.js";
import type { TickResult } from "./tick-result.js";

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
}

/** What one keeper works with. */
export interface KeeperParts {
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
  readonly step: StepHook;
  readonly notes: Notes;
  /** Hash of the code that decides. */
  readonly model: string;
}

/** What one tick is told. */
export interface TickHint extends ObserveHint {
  /** Ends the watching of what was sent; the next tick goes on with it. */
  readonly signal?: AbortSignal | undefined;
}

/** How many outcomes the cost of trading is learned from. */
const OUTCOMES = 50;

/** One tick: follow what is unsettled, observe, decide, write down, simulate, send, reconcile. At most one transaction. */
export async function tick(keeper: KeeperParts, hint: TickHint): Promise<TickResult> {
  const { config, journal, where, notes, now, step, model, acting } = keeper;
  const startedAt = now();
  const watch = stopwatch();
  const { costFactor: factor, paused } = await watch.time("journal", () => known(keeper));
  const [followed, seen] = await watch.time("observe", () => Promise.all([follow(keeper), observe(keeper, hint)]));
  const observation = { ...seen, costFactor: factor };
  await step("observed");
  reportFeeds(keeper, observation);
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
  remembered(keeper, decision, made, observation, more);
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

/** What a decision is made from. */
export function inputsOf(
  { state, pools, forecast, funding, collateral, options, costFactor, grid, reading }: Observation,
  memory: DutyMemory,
  tried: readonly Turn[],
  hold: TickInputs["hold"],
): TickInputs {
  const situation = { state, pools, forecast, funding, collateral, options, costFactor };
  return { situation, grid, reading, memory, tried, hold };
}

/** What was sent before, brought up to date; what it came to is written down. */
async function follow(keeper: KeeperParts): Promise<readonly LaneResult[]> {
  const { acting, notes, observer } = keeper;
  if (acting === null) return [];
  const results = await acting.lane.follow();
  for (const result of results) {
    if (result.attempt?.block) notes.minedAt = Math.max(notes.minedAt, result.attempt.block);
    if (result.changed && (result.state === "landed" || result.state === "reverted")) {
      await reconcile(keeper, result, observer.coinPrice);
      await keeper.step("reconciled");
    }
  }
  return results;
}

/** What the journal says before anything is read. */
async function known({ journal, where }: KeeperParts): Promise<{ costFactor: number; paused: string | null }> {
  const [outcomes, paused] = await Promise.all([journal.outcomes(where, OUTCOMES), journal.paused(where)]);
  const pairs = outcomes.flatMap(({ predicted_cost: predicted, realised_cost: realised }) => {
    return predicted === null || realised === null ? [] : [{ predicted, realised }];
  });
  return { costFactor: costFactor(pairs), paused };
}

/** Once more at the latest block where the block that was told has been left by a reorg, or is older than what was mined. */
async function observe({ observer, notes }: KeeperParts, { head, prices }: TickHint): Promise<Observation> {
  const useful = head !== undefined && head.number >= notes.minedAt;
  try {
    return await observer.observe(useful ? { head, ...(prices && { prices }) } : {});
  } catch (caught) {
    if (classifyRpcError(caught).meaning !== "staleBlock") throw caught;
    return observer.observe();
  }
}

function holdOf(
  { notes }: KeeperParts,
  followed: readonly LaneResult[],
  { state }: Observation,
  paused: string | null,
): TickInputs["hold"] {
  if (paused !== null) return { code: "paused", reason: `the vault is paused: ${paused}` };
  const open = followed.find((result) => result.state === "inFlight");
  if (open !== undefined) {
    return {
      code: "wait.inFlight",
      reason: `${open.intent?.key ?? "a transaction"} of ${open.intent?.vault} is in flight`,
    };
  }
  if (state.block.number >= notes.minedAt) return null;
  const reason = `the node is at block ${state.block.number}, and something was mined in ${notes.minedAt}`;
  return { code: "wait.behind", reason };
}

/** Log what is new about the feeds. */
function reportFeeds({ logger, notes }: KeeperParts, { faults, state }: Observation): void {
  const symbols = state.assets.map(({ symbol }) => symbol);
  for (const { level, details, message } of feedNews(notes.faults, faults, symbols)) logger[level](details, message);
  notes.faults = faults;
}

/** Where the vault is not as the plan that landed before should have made it; compared once. */
function compareWithPlan({ notes, config, logger }: KeeperParts, { state }: Observation): string[] {
  const { predicted } = notes;
  if (predicted === null || state.block.number < notes.minedAt) return [];
  notes.predicted = null;
  const mismatches = compareState(predicted, state, config.execution.tolerance);
  if (mismatches.length > 0) logger.warn({ mismatches }, "the vault is not as planned");
  return mismatches;
}

/** Keep what the next tick must know of this one. */
function remembered(
  { notes }: KeeperParts,
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
  if (state === "stale") return;
  // A poke that landed leaves the next one to be done.
  const had = landed ? turns.filter((turn) => turn !== "poke") : turns;
  notes.tried = more ? [...new Set([...notes.tried, ...had])] : [];
}

/** Whether others may have their turn now. */
function moreAfter({ kind, codes }: Decision, { state }: CarriedOut): boolean {
  if (kind === null || codes.includes("heartbeat.due")) return false;
  return state !== "inFlight" && state !== "notSent" && state !== "void";
}

const DAY = 86_400_000;

/** Once a day: inputs that are older than they are to be kept. */
async function prune({ notes, now, journal, config }: KeeperParts): Promise<void> {
  const { inputsDays } = config.journal;
  if (inputsDays === 0 || now() - notes.prunedAt < DAY) return;
  notes.prunedAt = now();
  await journal.pruneInputs(now() - inputsDays * DAY);
}

/** What the journal keeps of a result. */
function summaryOf({ state, sent, refused, outcome, mismatches, gasUsed, folded }: TickResult): object {
  const transaction = sent?.attempt?.hash ?? null;
  const reason = sent?.reason ?? null;
  return { state, transaction, reason, refused, outcome, mismatches, gasUsed: gasUsed.toString(), folded };
}

function report(
  { logger }: KeeperParts,
  { id, kind, codes, state, sent, refused, gasUsed, milliseconds }: TickResult,
): void {
  const transaction = sent?.attempt?.hash;
  const details = {
    tick: id,
    kind,
    codes,
    state,
    transaction,
    refusal: refused?.name,
    gasUsed: gasUsed.toString(),
    milliseconds,
  };
  logger.info(details, "tick done");
}
