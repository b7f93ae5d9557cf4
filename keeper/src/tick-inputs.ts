import { compareState } from "./execute/compare.js";
import { feedNews } from "./feed-news.js";
import type { KeeperContext } from "./keeper-context.js";
import type { LaneResult } from "./lane/lane.js";
import type { Observation, ObserveHint } from "./observe/observe.js";
import { costFactor } from "./plan/cost-factor.js";
import type { TickInputs, Turn } from "./plan/decide.js";
import type { DutyMemory } from "./plan/duties.js";
import { classifyRpcError } from "./rpc/classify.js";

/** How many outcomes the cost of trading is learned from. */
const OUTCOMES = 50;

/** What the journal says before anything is read. */
export async function known({ journal, where }: KeeperContext): Promise<{ costFactor: number; paused: string | null }> {
  const [outcomes, paused] = await Promise.all([journal.outcomes(where, OUTCOMES), journal.paused(where)]);
  const pairs = outcomes.flatMap(({ predicted_cost: predicted, realised_cost: realised }) => {
    return predicted === null || realised === null ? [] : [{ predicted, realised }];
  });
  return { costFactor: costFactor(pairs), paused };
}

/** Once more at the latest block where the block that was told has been left by a reorg, or is older than what was mined. */
export async function observe({ observer, notes }: KeeperContext, { head, prices }: ObserveHint): Promise<Observation> {
  const useful = head !== undefined && head.number >= notes.minedAt;
  try {
    return await observer.observe(useful ? { head, ...(prices && { prices }) } : {});
  } catch (caught) {
    if (classifyRpcError(caught).meaning !== "staleBlock") throw caught;
    return observer.observe();
  }
}

export function holdOf(
  { notes, now, maxHeadAge }: KeeperContext,
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
  const age = Math.round(now() / 1000 - state.block.timestamp);
  if (maxHeadAge !== null && age > maxHeadAge) {
    const reason = `the latest block is ${age} s old, and ${maxHeadAge} s is the most that is believed`;
    return { code: "wait.behind", reason };
  }
  if (state.block.number >= notes.minedAt) return null;
  const reason = `the node is at block ${state.block.number}, and something was mined in ${notes.minedAt}`;
  return { code: "wait.behind", reason };
}

/** Log what is new about the feeds. */
export function reportFeeds({ logger, notes }: KeeperContext, { faults, state }: Observation): void {
  const symbols = state.assets.map(({ symbol }) => symbol);
  for (const { level, details, message } of feedNews(notes.faults, faults, symbols)) logger[level](details, message);
  notes.faults = faults;
}

/** Where the vault is not as the plan that landed before should have made it; compared once. */
export function compareWithPlan({ notes, config, logger }: KeeperContext, { state }: Observation): string[] {
  const { predicted } = notes;
  if (predicted === null || state.block.number < notes.minedAt) return [];
  notes.predicted = null;
  // Nothing is measured then.
  if (!state.prices.ok) return [];
  const mismatches = compareState(predicted, state, config.execution.tolerance);
  if (mismatches.length > 0) logger.warn({ mismatches }, "the vault is not as planned");
  return mismatches;
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
