import { type Kysely, sql } from "kysely";
import type { Journal } from "../journal.js";
import type { Database } from "../schema.js";
import type { Session } from "../session.js";
import { vaultOf, where } from "./where.js";

type Outcomes = Pick<Journal, "recordOutcome" | "outcomes" | "costs">;

/** What landed intents cost; the last record of an intent counts, so that a reorg is corrected by writing again. */
export function outcomeTable({ run }: Session): Outcomes {
  return {
    recordOutcome: (outcome) =>
      run(async (db) => {
        const values = { ...outcome, vault: outcome.vault.toLowerCase() };
        await db
          .insertInto("outcomes")
          .values(values)
          .onConflict((conflict) => conflict.column("intent_id").doUpdateSet(values))
          .execute();
      }),
    costs: (of, since) =>
      run((db) =>
        stillTrue(db)
          .select([
            sql<number>`coalesce(sum(gas_usd), 0)::float8`.as("gasUsd"),
            sql<number>`coalesce(sum(realised_cost), 0)::float8`.as("tradingUsd"),
            sql<number>`count(*)`.as("intents"),
            sql<number | null>`min(time)`.as("firstAt"),
          ])
          .where(where(vaultOf(of)))
          .where("time", ">=", since)
          .executeTakeFirstOrThrow(),
      ),
    outcomes: (of, limit) =>
      run((db) =>
        stillTrue(db)
          .selectAll()
          .where(where(vaultOf(of)))
          .orderBy("time", "desc")
          .orderBy("intent_id", "desc")
          .limit(limit)
          .execute(),
      ),
  };
}

/** Without those of intents that can never land: a reorg has undone them for good. */
function stillTrue(db: Kysely<Database>) {
  const undone = db.selectFrom("intents").select("intents.id").where("status", "=", "void");
  return db.selectFrom("outcomes").where("intent_id", "not in", undone);
}
