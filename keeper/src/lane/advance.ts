import type { Attempt, Intent, LaneHold } from "../store/journal.js";
import { type Answer, broadcast } from "./broadcast.js";
import type { LaneContext } from "./context.js";
import { isSameThing } from "./open.js";
import type { LaneReason } from "./reasons.js";
import { cancel, raise } from "./replace.js";
import { expiryOf, OPEN, routeAgain } from "./routes.js";
import type { Standing } from "./standing.js";
import type { Survey } from "./survey.js";

/**
 * Push on an intent whose nonce is still free: send again what no node knows, raise what waits for too long, cancel what is too late or
 * would be refused. Never touches a nonce for which a transaction waits that the journal does not know.
 *
 * @param others All that is unsettled
 * @returns Why it waits; null where it simply does
 */
export async function advance(
  context: LaneContext,
  hold: LaneHold,
  standing: Standing,
  others: readonly Standing[],
  seen: Survey,
): Promise<LaneReason | null> {
  const { intent, attempts } = standing;
  const last = attempts.at(-1)!;
  const ours = attempts.some(({ hash }) => seen.known.has(hash));
  if (!ours && seen.pending > intent.nonce!) return foreign(standing);
  const cancelling = attempts.some(({ cancels }) => cancels);
  if (!cancelling && seen.head.timestamp > intent.deadline) {
    return cancel(context, hold, standing, seen, { code: "deadlinePast", message: "Its deadline is over." });
  }
  if (!cancelling && others.some((other) => takesPlaceOf(other, intent))) {
    const message = "Another try of the same is on its way, or done.";
    return cancel(context, hold, standing, seen, { code: "notWanted", message });
  }
  const todo = toDo(context, last, ours, seen);
  if (todo === "wait") return null;
  // What waits behind another of the account cannot be judged by itself.
  const first = intent.nonce === seen.used;
  if (!cancelling && first && !(await context.stillWanted(intent))) {
    return cancel(context, hold, standing, seen, { code: "notWanted", message: "The chain would refuse it now." });
  }
  if (todo === "raise") return raise(context, hold, standing, seen);
  return answered(context, hold, standing, seen, await again(context, hold, last, seen));
}

/** A reorg may bring a try back that was given up, when the next one is under way already. */
function takesPlaceOf({ intent: other, state }: Standing, intent: Intent): boolean {
  if (other.id === intent.id || !isSameThing(other, intent)) return false;
  return state === "landed" || (state === "waiting" && other.id > intent.id);
}

/** @param ours True if a node knows one of the nonce's transactions */
function toDo({ now, config }: LaneContext, last: Attempt, ours: boolean, seen: Survey): "wait" | "raise" | "again" {
  const { expires_block: expires } = last;
  const due = now() - last.created_at >= config.bumpAfterSeconds * 1000;
  if (last.route !== OPEN) {
    // A relay does not show what it has.
    if (expires !== null && seen.head.number <= expires && last.status !== "signed") return "wait";
    return due ? "raise" : expires !== null || last.status === "signed" ? "again" : "wait";
  }
  if (seen.known.has(last.hash)) return due ? "raise" : "wait";
  // Refused while an older one of ours waits: raised further when it is time.
  if (last.status === "signed" && ours) return due ? "raise" : "wait";
  return "again";
}

/** The same bytes once more: their hash is known, so that this can do no harm. */
async function again(context: LaneContext, hold: LaneHold, last: Attempt, { head }: Survey): Promise<Answer> {
  context.listener.attempt?.("resend");
  const route = routeAgain(context, last, head.number);
  return broadcast(context, hold, { ...last, expires_block: expiryOf(route, head.number) }, route);
}

async function answered(
  context: LaneContext,
  hold: LaneHold,
  standing: Standing,
  seen: Survey,
  { meaning, message }: Answer,
): Promise<LaneReason | null> {
  switch (meaning) {
    case "taken":
    case "nonceTooLow":
      return null;
    case "feeTooLow":
      return raise(context, hold, standing, seen);
    case "gasLimit":
    case "invalid":
      if (standing.attempts.at(-1)!.cancels) return { code: "refused", message: message! };
      return cancel(context, hold, standing, seen, { code: "refused", message: message! });
    case "underpricedReplacement":
      // Where an older one of ours is what waits there, this one is raised further when it is time.
      return standing.attempts.some(({ hash }) => seen.known.has(hash)) ? null : foreign(standing);
    case "insufficientFunds":
      return { code: "outOfGas", message: message! };
    case "poolFull":
    case "nonceTooHigh":
      return { code: "refused", message: message! };
    default:
      return { code: "unreachable", message: message! };
  }
}

function foreign({ intent }: Standing): LaneReason {
  return {
    code: "foreignPending",
    message: `A transaction that the journal does not know waits with nonce ${intent.nonce}.`,
  };
}
