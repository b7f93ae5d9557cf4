import type { Journal } from "../journal.js";
import type { Session } from "../session.js";
import { vaultOf, where } from "./where.js";

type Pauses = Pick<Journal, "pause" | "resume" | "paused">;

/** Vaults that the operator has paused; the first reason is kept up to date, the time is that of the first pause. */
export function pauseTable({ run, now }: Session): Pauses {
  return {
    pause: ({ chainId, vault }, reason) =>
      run(async (db) => {
        await db
          .insertInto("pauses")
          .values({ chain_id: chainId, vault: vault.toLowerCase(), since: now(), reason })
          .onConflict((conflict) => conflict.columns(["chain_id", "vault"]).doUpdateSet({ reason }))
          .execute();
      }),
    resume: (of) =>
      run(async (db) => {
        await db
          .deleteFrom("pauses")
          .where(where(vaultOf(of)))
          .execute();
      }),
    paused: (of) =>
      run(async (db) => {
        const row = await db
          .selectFrom("pauses")
          .select("reason")
          .where(where(vaultOf(of)))
          .executeTakeFirst();
        return row?.reason ?? null;
      }),
  };
}
