import { alignColumns } from "../report/table.js";
import type { Attempt, Intent, Journal, Tick, VaultKey } from "../store/journal.js";
import type { KnownTarget } from "../store/known-targets.js";

/** A tick with what it meant and signed. */
export interface JournalEntry {
  readonly name: string;
  readonly tick: Tick;
  readonly intents: readonly { readonly intent: Intent; readonly attempts: readonly Attempt[] }[];
}

/** The latest ticks, latest first. */
export async function journalEntries(
  journal: Journal,
  targets: readonly KnownTarget[],
  where: Partial<VaultKey>,
  limit: number,
): Promise<JournalEntry[]> {
  const ticks = await journal.ticks(where, limit);
  const intents = (await journal.intents(where, limit * 2)).filter(({ tick_id: tick }) => tick !== null);
  const nameOf = ({ chain_id, vault }: Tick): string =>
    targets.find((target) => target.chainId === chain_id && target.vault.toLowerCase() === vault)?.name ?? vault;
  return Promise.all(
    ticks.map(async (tick) => {
      const meant = intents.filter(({ tick_id }) => tick_id === tick.id).reverse();
      const signed = meant.map(async (intent) => ({ intent, attempts: await journal.attempts(intent.id) }));
      return { name: nameOf(tick), tick, intents: await Promise.all(signed) };
    }),
  );
}

/** A line a tick, and one more for each further thing that it meant. */
export function formatEntries(entries: readonly JournalEntry[]): string {
  if (entries.length === 0) return "The journal has no ticks yet.";
  const rows = entries.flatMap(({ name, tick, intents }) => {
    const time = new Date(tick.started_at).toISOString().slice(0, 19).replace("T", " ");
    const head = [
      String(tick.id),
      time,
      name,
      String(tick.block),
      tick.shadow ? `${tick.action} (shadow)` : tick.action,
      reasonOf(tick),
    ];
    const [first, ...more] = intents.map(outcome);
    return [
      [...head, ...(first ?? [tick.ended_at === null ? "did not end" : "", ""])],
      ...more.map((cells) => ["", "", "", "", "", "", ...cells]),
    ];
  });
  return alignColumns(
    [["tick", "time (UTC)", "vault", "block", "decided", "why", "what came of it", "transaction"], ...rows],
    8,
  );
}

function outcome({ intent, attempts }: JournalEntry["intents"][number]): [string, string] {
  const mined = attempts.find(({ block }) => block !== null) ?? attempts.at(-1);
  const state = intent.status === "final" ? (intent.succeeded ? "final" : "reverted for good") : intent.status;
  const tries = attempts.length > 1 ? `, ${attempts.length} transactions` : "";
  return [`${intent.kind} ${state}${tries}`, mined?.hash ?? ""];
}

/** Why: the first reason, and how many more there are. */
function reasonOf({ reasons }: Tick): string {
  const [first = "", ...more] = JSON.parse(reasons) as string[];
  return more.length > 0 ? `${first} +${more.length}` : first;
}

/** The same for programs: one JSON object a tick, without the inputs. */
export function entriesAsJson(entries: readonly JournalEntry[]): string {
  const bare = entries.map(({ name, tick: { inputs: _inputs, ...tick }, intents }) => ({
    name,
    ...tick,
    intents: intents.map(({ intent, attempts }) => ({
      ...intent,
      attempts: attempts.map(({ raw: _raw, ...attempt }) => attempt),
    })),
  }));
  return bare.map((entry) => JSON.stringify(entry)).join("\n");
}
