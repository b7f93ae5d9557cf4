import { sql, type Transaction } from "kysely";
import type { Journal, LaneHold } from "../journal.js";
import { LaneLostError } from "../lane-lost-error.js";
import type { Database } from "../schema.js";
import type { Session } from "../session.js";
import { accountOf, where } from "./where.js";

type Lanes = Pick<Journal, "takeLane" | "renewLane" | "releaseLane">;

const lost = ({ signer, chainId, term }: LaneHold): LaneLostError => new LaneLostError(signer, chainId, term);

/** Who may sign for which account. A lane given back keeps its row, so that its term never falls. */
export function laneTable({ run, leaseNow }: Session): Lanes {
  return {
    takeLane: (chainId, signer, owner, milliseconds) =>
      run(async (db) => {
        const now = leaseNow();
        const row = await db
          .insertInto("lanes")
          .values({
            ...accountOf({ chainId, signer }),
            ...{ term: 1, owner, expires_at: sql<number>`${now} + ${milliseconds}::bigint` },
          })
          .onConflict((conflict) =>
            conflict
              .columns(["chain_id", "signer"])
              .doUpdateSet({
                term: sql<number>`lanes.term + (lanes.owner <> excluded.owner)::int`,
                owner: (eb) => eb.ref("excluded.owner"),
                expires_at: (eb) => eb.ref("excluded.expires_at"),
              })
              .where((eb) => eb.or([eb("lanes.owner", "=", owner), eb("lanes.expires_at", "<=", now)])),
          )
          .returning("term")
          .executeTakeFirst();
        return row === undefined ? null : { chainId, signer: signer.toLowerCase(), owner, term: row.term };
      }),
    renewLane: (hold, milliseconds) =>
      run(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable("lanes")
          .set({ expires_at: sql<number>`${leaseNow()} + ${milliseconds}::bigint` })
          .where(where({ ...accountOf(hold), term: hold.term, owner: hold.owner }))
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw lost(hold);
      }),
    releaseLane: (hold) =>
      run(async (db) => {
        await db
          .updateTable("lanes")
          .set({ expires_at: 0 })
          .where(where({ ...accountOf(hold), term: hold.term, owner: hold.owner }))
          .execute();
      }),
  };
}

/**
 * Hold the lane's row until the transaction ends, so that nobody takes it over in between.
 * @throws {LaneLostError} the term is not the lane's any more
 */
export async function fence(db: Transaction<Database>, hold: LaneHold): Promise<void> {
  const lane = await db
    .selectFrom("lanes")
    .select(["term", "owner"])
    .where(where(accountOf(hold)))
    .forShare()
    .executeTakeFirst();
  if (lane?.term !== hold.term || lane.owner !== hold.owner) throw lost(hold);
}
