import type { Attempt, Intent } from "../store/journal.js";
import type { LaneContext } from "./context.js";

/** An intent and everything that was ever signed for it, oldest first. */
export interface Trail {
  readonly intent: Intent;
  readonly attempts: readonly Attempt[];
}

/** Of an account, everything that is not final and not void. */
export async function unsettledTrails({ journal, chainId, signer }: LaneContext): Promise<Trail[]> {
  const intents = await journal.unsettled(chainId, signer);
  return Promise.all(intents.map(async (intent) => ({ intent, attempts: await journal.attempts(intent.id) })));
}
