import type { LaneContext } from "./context.js";
import type { LaneIntent } from "./lane.js";
import { lastTry } from "./open.js";
import type { LaneReason } from "./reasons.js";

/** Milliseconds without another try after the first one that reverted; twice as long after each further one, up to so long. */
const FIRST = 60_000;
const LONGEST = 3_600_000;
/** What cannot wait waits for this part of it. */
const URGENT_PART = 4;

/**
 * Why a thing whose last try reverted is not tried again yet; null where it may be. Whoever gets before each try could otherwise make the
 * account pay for one after the other. The time counts from the signature, so that finality does not move it.
 */
export async function pauseAfterReverts(context: LaneContext, intent: LaneIntent): Promise<LaneReason | null> {
  const { journal, now } = context;
  const { last, tries } = await lastTry(context, intent);
  const reverted = last !== null && (last.status === "reverted" || (last.status === "final" && !last.succeeded));
  if (!reverted) return null;
  const signedAt = (await journal.attempts(last.id)).at(-1)?.created_at ?? last.created_at;
  const pause = Math.min(FIRST * 2 ** (tries - 1), LONGEST) / (isUrgent(intent) ? URGENT_PART : 1);
  const until = signedAt + pause;
  if (now() >= until) return null;
  const times = tries === 1 ? "once" : `${tries} times`;
  const message = `It reverted ${times}; it is not tried again before ${new Date(until).toISOString()}.`;
  return { code: "reverted", message };
}

const isUrgent = ({ kind, urgent }: LaneIntent): boolean => urgent === true || kind === "poke";
