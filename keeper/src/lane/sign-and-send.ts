import type { Intent, LaneHold } from "../store/journal.js";
import { type Answer, broadcast } from "./broadcast.js";
import type { LaneContext } from "./context.js";
import type { Terms } from "./prepare.js";
import { sign } from "./sign.js";

/** Sign under the terms, write the transaction down, and send it. */
export async function signAndSend(
  context: LaneContext,
  hold: LaneHold,
  intent: Intent,
  terms: Terms,
  head: number,
): Promise<Answer> {
  const { route } = context;
  const attempt = await sign(context, hold, { intent, ...terms, cancels: false, route, head }, "attemptWritten");
  context.listener.attempt?.("new");
  return broadcast(context, hold, attempt, route);
}
