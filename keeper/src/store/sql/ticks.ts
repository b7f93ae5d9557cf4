import type { Journal } from "../journal.js";
import type { Session } from "../session.js";
import { vaultOf, where } from "./where.js";

type Ticks = Pick<Journal, "beginTick" | "endTick" | "tick" | "ticks" | "pruneInputs">;

/** The journal of decisions. */
export function tickTable({ run, now }: Session): Ticks {
  return {
    beginTick: (tick) =>
      run(async (db) => {
        const values = { ...tick, vault: tick.vault.toLowerCase() };
        const row = await db.insertInto("ticks").values(values).returning("id").executeTakeFirstOrThrow();
        return row.id;
      }),
    endTick: (id, result) =>
      run(async (db) => {
        const change = { ended_at: now(), result: JSON.stringify(result) };
        await db.updateTable("ticks").set(change).where("id", "=", id).execute();
      }),
    tick: (id) =>
      run(async (db) => (await db.selectFrom("ticks").selectAll().where("id", "=", id).executeTakeFirst()) ?? null),
    pruneInputs: (of, before) =>
      run(async (db) => {
        const old = db
          .updateTable("ticks")
          .set({ inputs: null })
          .where(where(vaultOf(of)))
          .where("started_at", "<", before);
        const { numUpdatedRows } = await old.where("inputs", "is not", null).executeTakeFirstOrThrow();
        return Number(numUpdatedRows);
      }),
    ticks: (of, limit) =>
      run((db) =>
        db
          .selectFrom("ticks")
          .selectAll()
          .where(where(vaultOf(of)))
          .orderBy("id", "desc")
          .limit(limit)
          .execute(),
      ),
  };
}
