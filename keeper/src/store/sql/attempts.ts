import { sql } from "kysely";
import { KeeperError } from "../../errors.js";
import type { Journal } from "../journal.js";
import type { Session } from "../session.js";
import { notTheirs } from "./intents.js";
import { fence } from "./lanes.js";
import { accountOf, where } from "./where.js";

type Attempts = Pick<Journal, "addAttempt" | "updateAttempt" | "attempts" | "attemptsOfNonce" | "gasSpent">;

/** Signed transactions. Raw bytes are written once and never changed. */
export function attemptTable({ run, transaction, now }: Session): Attempts {
  return {
    addAttempt: (hold, attempt) =>
      transaction(async (db) => {
        await fence(db, hold);
        const time = now();
        const { numUpdatedRows } = await db
          .updateTable("intents")
          .set({ nonce: attempt.nonce, updated_at: time })
          .where(where({ id: attempt.intent_id, ...accountOf(hold) }))
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw notTheirs(attempt.intent_id);
        const hash = attempt.hash.toLowerCase();
        // The same transaction signed twice is the same transaction.
        await db
          .insertInto("attempts")
          .values({ ...attempt, hash, ...accountOf(hold), status: "signed", created_at: time, updated_at: time })
          .onConflict((conflict) => conflict.column("hash").doNothing())
          .execute();
        const row = await db
          .selectFrom("attempts")
          .select("intent_id")
          .where("hash", "=", hash)
          .executeTakeFirstOrThrow();
        if (row.intent_id !== attempt.intent_id) {
          throw new KeeperError(
            `Transaction ${hash} was signed for intent ${row.intent_id}, not for ${attempt.intent_id}.`,
            "Run `crosshedge journal verify`.",
          );
        }
      }),
    updateAttempt: (hold, hash, change) =>
      transaction(async (db) => {
        await fence(db, hold);
        const { numUpdatedRows } = await db
          .updateTable("attempts")
          .set({ ...change, updated_at: now() })
          .where(where({ hash: hash.toLowerCase(), ...accountOf(hold) }))
          .executeTakeFirst();
        if (numUpdatedRows === 0n) {
          throw new KeeperError(
            `The journal has no transaction ${hash} of this account.`,
            "Run `crosshedge journal verify`.",
          );
        }
      }),
    attempts: (intentId) =>
      run((db) =>
        db.selectFrom("attempts").selectAll().where("intent_id", "=", intentId).orderBy("sequence").execute(),
      ),
    gasSpent: (chainId, signer, since) =>
      run(async (db) => {
        const { wei, transactions, firstAt } = await db
          .selectFrom("attempts")
          .select([
            sql<string>`coalesce(sum(gas_used * gas_price), 0)::text`.as("wei"),
            sql<number>`count(*)`.as("transactions"),
            sql<number | null>`min(created_at)`.as("firstAt"),
          ])
          .where(where(accountOf({ chainId, signer })))
          .where("status", "in", ["mined", "final"])
          .where("created_at", ">=", since)
          .executeTakeFirstOrThrow();
        return { wei: BigInt(wei), transactions, firstAt };
      }),
    attemptsOfNonce: (chainId, signer, nonce) =>
      run((db) =>
        db
          .selectFrom("attempts")
          .selectAll()
          .where(where({ ...accountOf({ chainId, signer }), nonce }))
          .orderBy("sequence")
          .execute(),
      ),
  };
}
