import type { DecisionKind } from "./plan/decide.js";
import { type DutyMemory, remember } from "./plan/duties.js";
import type { Journal, VaultKey } from "./store/journal.js";

/** How many intents back. */
const BACK = 50;

/**
 * What the journal remembers of a vault's duties.
 *
 * @param now Of the chain, unix seconds: what is not remembered is taken to have been done just now
 */
export async function dutyMemory(journal: Journal, where: VaultKey, now: number): Promise<DutyMemory> {
  const latestFirst = await journal.intents(where, BACK);
  const landed = latestFirst.filter(({ succeeded, kind }) => succeeded === true && kind !== "fill").reverse();
  let memory: DutyMemory = { feesAt: 0, settled: null };
  for (const { tick_id, kind, key } of landed) {
    const tick = tick_id === null ? null : await journal.tick(tick_id);
    memory = remember(memory, kind as DecisionKind, key, tick?.block_time ?? 0);
  }
  return memory.feesAt === 0 ? { ...memory, feesAt: now } : memory;
}
