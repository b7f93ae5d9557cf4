import type { Kysely } from "kysely";
import type { Backend } from "./backend/backend.js";
import { openDirectory } from "./backend/directory.js";
import { openMemory } from "./backend/memory.js";
import { openServer } from "./backend/server.js";
import type { Journal } from "./journal.js";
import { migrate } from "./migrate.js";
import type { Database } from "./schema.js";
import { createSession, type Session } from "./session.js";
import { createSqlJournal } from "./sql-journal.js";

/** Where the journal lives: in this process, in a directory of its own, or on a Postgres server that replicas share. */
export type StoreLocation =
  | { readonly kind: "memory" }
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "postgres"; readonly url: string; readonly schema?: string };

/** The keeper's database. */
export interface Store extends Pick<Backend, "schema" | "plain" | "close"> {
  readonly kind: StoreLocation["kind"];
  /** Of the journal's schema. */
  readonly db: Kysely<Database>;
  readonly session: Session;
  readonly journal: Journal;
}

/**
 * Open the journal and bring its schema up to date. What a method of the journal has written is committed and, outside of memory, flushed to
 * the disk when it resolves.
 * @param now The keeper's clock, unix ms
 * @throws {StorageError} the database does not answer
 * @throws {KeeperError} another process has the directory, it is none, or a newer keeper has made the schema
 */
export async function openStore(
  location: StoreLocation,
  { now = Date.now }: { now?: () => number } = {},
): Promise<Store> {
  const backend = await open(location);
  const { kysely, schema, leaseClock, plain, close } = backend;
  const db = kysely.withSchema(schema);
  const session = createSession(db, now, leaseClock);
  try {
    await session.run(() => migrate(kysely, schema));
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return { kind: location.kind, schema, db, session, journal: createSqlJournal(session), plain, close };
}

function open(location: StoreLocation): Promise<Backend> {
  switch (location.kind) {
    case "memory":
      return openMemory();
    case "directory":
      return openDirectory(location.directory);
    case "postgres":
      return openServer(location.url, location.schema);
  }
}
