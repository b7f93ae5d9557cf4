import type { CrosshedgeVault } from "../vault.js";
import type { HistoryCursor } from "./cursor.js";
import type { VaultEvent } from "./events.js";
import type { HistoryOptions, HistoryPage } from "./options.js";
import { keyOf } from "./rawLog.js";
import { readHistory } from "./readHistory.js";

/** What is known after one more page: events that a reorg took back leave, new ones come last. */
export function applyPage(events: readonly VaultEvent[], page: Pick<HistoryPage, "events" | "reorg">): VaultEvent[] {
  const gone = new Set(page.reorg?.removed.map(keyOf));
  return [...events.filter((event) => !gone.has(keyOf(event))), ...page.events];
}

/**
 * All of a vault's history in one list.
 *
 * @param options As {@link readHistory} takes them; `known`: what was collected up to `cursor`
 * @throws {CrosshedgeError} As {@link readHistory}
 *
 * @example
 * const { events, cursor } = await collectHistory(vault, { names: ["Settled", "Withdraw"] });
 */
export async function collectHistory(
  vault: Pick<CrosshedgeVault, "connection">,
  { known = [], ...options }: HistoryOptions & { known?: readonly VaultEvent[] } = {},
): Promise<{ events: VaultEvent[]; cursor: HistoryCursor | null }> {
  let events = [...known];
  let cursor = options.cursor ?? null;
  for await (const page of readHistory(vault, options)) {
    if (page.reorg !== null) events = applyPage(events, page);
    else for (const event of page.events) events.push(event);
    cursor = page.cursor;
  }
  return { events, cursor };
}
