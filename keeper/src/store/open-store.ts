import type { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import type { Journal } from "./journal.js";
import { migrate } from "./migrate.js";
import { memoryPGlite } from "./pglite.js";
import type { Database } from "./schema.js";
import { createSession, type Session } from "./session.js";
import { createSqlJournal } from "./sql-journal.js";

/** Where the journal lives: in this process, in a directory of its own, or on a Postgres server that replicas share. */
export type StoreLocation =
  | { readonly kind: "memory" }
  | { readonly kind: "directory"; readonly directory: string }
  | { readonly kind: "postgres"; readonly url: string; readonly schema?: string };

export interface Store {
  readonly location: StoreLocation["kind"];
  /** Postgres schema of the journal's tables. */
  readonly schema: string;
  readonly db: Kysely<Database>;
  readonly session: Session;
  readonly journal: Journal;
  /** Run SQL as it stands, for what brings its own: the queue. */
  execute(text: string, values?: readonly unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  close(): Promise<void>;
}

let stores = 0;

export async function openStore(
  location: StoreLocation,
  { now = Date.now }: { now?: () => number } = {},
): Promise<Store> {
  const pglite = await memoryPGlite();
  const schema = `store_${++stores}`;
  const kysely = new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) });
  await migrate(kysely as Kysely<unknown>, schema);
  const db = kysely.withSchema(schema);
  const session = createSession(db, now, "own");
  return {
    ...{ location: location.kind, schema, db, session, journal: createSqlJournal(session) },
    execute: (text, values) => execute(pglite, text, values),
    close: async () => {
      await kysely.schema.dropSchema(schema).ifExists().cascade().execute();
    },
  };
}

async function execute(pglite: PGlite, text: string, values: readonly unknown[] = []) {
  const result = values.length > 0 ? await pglite.query(text, [...values]) : (await pglite.exec(text)).at(-1);
  return { rows: (result?.rows ?? []) as Record<string, unknown>[] };
}
