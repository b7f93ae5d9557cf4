import type { Intent, LaneHold } from "../store/journal.js";
import type { LaneContext } from "./context.js";
import { followUp } from "./follow.js";
import { NoAnswerError } from "./no-answer-error.js";
import type { LaneReason } from "./reasons.js";
import type { Found } from "./standing.js";
import { unsettledTrails } from "./trails.js";

/** Look until an intent is in a block or cannot be, the time for it is over, or the signal; then `follow` goes on. */
export async function watch(
  context: LaneContext,
  hold: LaneHold,
  intent: Intent,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const { config, now, wait } = context;
  const until = now() + config.watchSeconds * 1000;
  let last: Found = { state: "inFlight", intent, attempt: null, reason: null };
  // Nodes may need a moment until they show what they have just taken: the first look pushes nothing.
  for (let push = false; ; push = true) {
    last = await look(context, hold, last, push);
    if (last.state !== "inFlight") return last;
    if (signal?.aborted)
      return withReason(last, { code: "aborted", message: "Told to stop; the next process goes on." });
    if (now() >= until)
      return withReason(last, { code: "watchOver", message: "Not in a block yet; the next tick goes on." });
    await wait(config.pollMilliseconds, signal);
  }
}

async function look(context: LaneContext, hold: LaneHold, last: Found, push: boolean): Promise<Found> {
  const id = last.intent!.id;
  await context.holder.keep(hold);
  const trails = await unsettledTrails(context);
  try {
    const results = await followUp(context, hold, trails, push);
    const result = results.find(({ intent }) => intent?.id === id);
    return result ?? last;
  } catch (error) {
    if (!(error instanceof NoAnswerError)) throw error;
    const { message } = error;
    context.logger.warn({ intent: id }, message);
    return { ...last, reason: { code: "unreachable", message } };
  }
}

const withReason = (result: Found, reason: LaneReason): Found => ({
  ...result,
  reason: result.reason ?? reason,
});
