import { setTimeout } from "node:timers/promises";
import { type Kysely, type RawBuilder, sql, type Transaction } from "kysely";
import { KeeperError } from "../errors.js";
import type { Database } from "./schema.js";
import { codeOf, StorageError } from "./storage-error.js";

/** How the journal's parts reach the database. */
export interface Session {
  readonly db: Kysely<Database>;
  /** The keeper's own clock, unix ms. */
  readonly now: () => number;
  /** The clock that leases go by, unix ms. */
  readonly leaseNow: () => RawBuilder<number>;
  /** Reads, or writes one statement. */
  run<T>(work: (db: Kysely<Database>) => Promise<T>): Promise<T>;
  /** Commits when the work resolves, and changes nothing when it rejects. */
  transaction<T>(work: (db: Transaction<Database>) => Promise<T>): Promise<T>;
}

/** Serialization failure and deadlock: the database has undone it, and asks for another try. */
const AGAIN = new Set(["40001", "40P01"]);
const TRIES = 5;

/** Bad values, broken constraints, wrong SQL: the program's mistake, not the database's absence. */
const MISTAKE = /^(?:22|23|42)/;

async function withRetries<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof KeeperError) throw error;
      const code = codeOf(error);
      if (AGAIN.has(code) && attempt < TRIES) {
        await setTimeout(10 * attempt * Math.random());
        continue;
      }
      if (MISTAKE.test(code) && code.length === 5) throw error;
      throw new StorageError(error);
    }
  }
}

/** @param leaseClock "database" where several machines share it, "own" where one process has it to itself */
export function createSession(db: Kysely<Database>, now: () => number, leaseClock: "database" | "own"): Session {
  const databaseNow = sql<number>`(extract(epoch from clock_timestamp()) * 1000)::bigint`;
  return {
    db,
    now,
    leaseNow: () => (leaseClock === "database" ? databaseNow : sql<number>`${now()}::bigint`),
    run: (work) => withRetries(() => work(db)),
    transaction: (work) => withRetries(() => db.transaction().execute(work)),
  };
}
