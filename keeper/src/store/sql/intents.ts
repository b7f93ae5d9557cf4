import { KeeperError } from "../../errors.js";
import type { Intent, Journal, NewIntent } from "../journal.js";
import type { Session } from "../session.js";
import { fence } from "./lanes.js";
import { accountOf, vaultOf, where } from "./where.js";

type Intents = Pick<
  Journal,
  | "openIntent"
  | "intent"
  | "intentOfKey"
  | "unsettled"
  | "unsettledSigners"
  | "intents"
  | "intentsOfTick"
  | "updateIntent"
>;

/** What shall happen on-chain once. */
export function intentTable({ run, transaction, now }: Session): Intents {
  const insertOrFind = (intent: NewIntent): Promise<{ intent: Intent; created: boolean } | null> =>
    run(async (db) => {
      const time = now();
      const values = {
        ...intent,
        ...{ vault: intent.vault.toLowerCase(), signer: intent.signer.toLowerCase() },
        ...{ target: intent.target.toLowerCase(), data: intent.data.toLowerCase() },
        ...{ status: "open" as const, created_at: time, updated_at: time },
      };
      const created = await db
        .insertInto("intents")
        .values(values)
        .onConflict((conflict) =>
          conflict.columns(["chain_id", "vault", "key"]).where("status", "<>", "void").doNothing(),
        )
        .returningAll()
        .executeTakeFirst();
      if (created !== undefined) return { intent: created, created: true };
      const found = await db
        .selectFrom("intents")
        .selectAll()
        .where(where({ chain_id: values.chain_id, vault: values.vault, key: values.key }))
        .where("status", "<>", "void")
        .executeTakeFirst();
      return found === undefined ? null : { intent: found, created: false };
    });

  return {
    openIntent: async (intent) => {
      // Between the two statements another process may have voided it: then there is room for this one.
      for (;;) {
        const one = await insertOrFind(intent);
        if (one !== null) return one;
      }
    },
    intent: (id) =>
      run(async (db) => (await db.selectFrom("intents").selectAll().where("id", "=", id).executeTakeFirst()) ?? null),
    intentOfKey: (of, key) =>
      run(async (db) => {
        const one = db
          .selectFrom("intents")
          .selectAll()
          .where(where({ ...vaultOf(of), key }))
          .where("status", "<>", "void");
        return (await one.executeTakeFirst()) ?? null;
      }),
    unsettled: (chainId, signer) =>
      run((db) =>
        db
          .selectFrom("intents")
          .selectAll()
          .where(where(accountOf({ chainId, signer })))
          .where("status", "not in", ["final", "void"])
          .orderBy("id")
          .execute(),
      ),
    unsettledSigners: (chainId) =>
      run(async (db) => {
        const rows = await db
          .selectFrom("intents")
          .select("signer")
          .distinct()
          .where("chain_id", "=", chainId)
          .where("status", "not in", ["final", "void"])
          .orderBy("signer")
          .execute();
        return rows.map(({ signer }) => signer);
      }),
    intents: (of, limit) =>
      run((db) =>
        db
          .selectFrom("intents")
          .selectAll()
          .where(where(vaultOf(of)))
          .orderBy("id", "desc")
          .limit(limit)
          .execute(),
      ),
    intentsOfTick: (tickId) =>
      run((db) => db.selectFrom("intents").selectAll().where("tick_id", "=", tickId).orderBy("id").execute()),
    updateIntent: (hold, id, change) =>
      transaction(async (db) => {
        await fence(db, hold);
        const { numUpdatedRows } = await db
          .updateTable("intents")
          .set({ ...change, updated_at: now() })
          .where(where({ id, ...accountOf(hold) }))
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw notTheirs(id);
      }),
  };
}

/** An intent that is not of the account whose lane is held. */
export function notTheirs(id: number): KeeperError {
  return new KeeperError(
    `Intent ${id} is not one of the account that signs.`,
    "Run `crosshedge journal verify`: the journal does not fit this keeper.",
  );
}
