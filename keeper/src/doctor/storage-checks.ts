import { sql } from "kysely";
import type { OperatorConfig } from "../operator-config/schema.js";
import { openStore, type Store } from "../store/open-store.js";
import { StorageError } from "../store/storage-error.js";
import { type Check, Examination, failureOf, ok, okOr, warn } from "./check.js";

/** Seconds that the database's clock may differ by: leases go by it. */
const MOST_SKEW = 5;

/** Open the journal's storage and write to it. The store comes back open; null where it cannot be had. */
export async function checkStorage(
  { storage }: OperatorConfig,
  owner: string,
): Promise<{ readonly checks: readonly Check[]; readonly store: Store | null }> {
  const examination = new Examination("storage");
  const location = storage.kind === "postgres" ? { ...storage, url: storage.url.reveal() } : storage;
  const where = storage.kind === "directory" ? `directory ${storage.directory}` : storage.kind;
  const store = await examination.check("opens", async () => {
    try {
      return [ok(where), await openStore(location)] as const;
    } catch (caught) {
      const { fact, nextStep } = failureOf(caught);
      const busy = !(caught instanceof StorageError) && fact.includes("is in use by");
      if (!busy) throw caught;
      return [warn(fact, `${nextStep} What the journal tells is not looked at.`), null] as const;
    }
  });
  if (store === null) return { checks: examination.checks, store };
  await examination.look("takes a write", async () => {
    const started = performance.now();
    await store.journal.beat(owner);
    const milliseconds = performance.now() - started;
    await store.journal.leave(owner);
    const fact = `committed in ${milliseconds.toFixed(0)} ms`;
    return okOr(
      milliseconds < 1000,
      fact,
      "Writes are slow: each transaction waits for two of them before it is sent.",
    );
  });
  if (storage.kind === "postgres") {
    await examination.look("clock", async () => {
      const before = Date.now();
      const { rows } = await store.session.run((db) =>
        sql<{ ms: string }>`select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms`.execute(db),
      );
      const skew = (Number(rows[0]!.ms) - (before + Date.now()) / 2) / 1000;
      const next = "Let both machines keep time by NTP: leases of lanes go by the database's clock.";
      return okOr(Math.abs(skew) <= MOST_SKEW, `the database's is ${skew.toFixed(1)} s ahead of this machine's`, next);
    });
  }
  return { checks: examination.checks, store };
}
