import { sql } from "kysely";
import type { Journal } from "../journal.js";
import type { Session } from "../session.js";

type Beats = Pick<Journal, "beat" | "living" | "leave">;

/** Milliseconds after which nobody asks for a replica that has died. */
const DAY = 86_400_000;

/** Which replicas live. */
export function beatTable({ run, leaseNow }: Session): Beats {
  return {
    beat: (owner) =>
      run(async (db) => {
        const at = sql<number>`${leaseNow()}`;
        await db
          .insertInto("beats")
          .values({ owner, at })
          .onConflict((conflict) => conflict.column("owner").doUpdateSet({ at }))
          .execute();
      }),
    living: (milliseconds) =>
      run(async (db) => {
        const rows = await db
          .selectFrom("beats")
          .select("owner")
          .where("at", ">", sql<number>`${leaseNow()} - ${milliseconds}::bigint`)
          .orderBy("owner")
          .execute();
        return rows.map(({ owner }) => owner);
      }),
    leave: (owner) =>
      run(async (db) => {
        const old = sql<number>`${leaseNow()} - ${DAY}::bigint`;
        await db
          .deleteFrom("beats")
          .where((eb) => eb.or([eb("owner", "=", owner), eb("at", "<", old)]))
          .execute();
      }),
  };
}
