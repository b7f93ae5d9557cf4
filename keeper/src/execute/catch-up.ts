import type { LaneResult } from "../lane/lane.js";
import type { Intent, Journal, VaultKey } from "../store/journal.js";
import { type Ledger, reconcile } from "./reconcile.js";

/** How many intents back. */
const BACK = 20;

/**
 * Write down the outcomes of what was mined before anybody could: a process may have died, a node was gone, or the tick that heard of it
 * broke off, perhaps another vault's of the same account.
 */
export async function catchUp(ledger: Ledger, where: VaultKey, coinPrice: number | null): Promise<void> {
  const { journal } = ledger;
  const [intents, outcomes] = await Promise.all([journal.intents(where, BACK), journal.outcomes(where, 2 * BACK)]);
  const told = new Set(outcomes.map(({ intent_id }) => intent_id));
  for (const intent of intents) {
    if (intent.succeeded === null || told.has(intent.id)) continue;
    const mined = await minedOf(journal, intent);
    if (mined !== null) await reconcile(ledger, mined, coinPrice);
  }
}

async function minedOf(journal: Journal, intent: Intent): Promise<LaneResult | null> {
  const attempts = await journal.attempts(intent.id);
  const attempt = attempts.find(({ status }) => status === "mined" || status === "final");
  if (attempt === undefined) return null;
  return { state: intent.succeeded === true ? "landed" : "reverted", intent, attempt, reason: null, changed: false };
}
