import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import { type Db, fromPglite } from "pg-boss";
import type { Database } from "../schema.js";
import { INT8 } from "./backend.js";

/** Postgres in this process. */
export async function openEmbedded(options: PGliteOptions) {
  const pglite = await PGlite.create({ ...options, parsers: { [INT8]: Number } });
  return {
    newKysely: (): Kysely<Database> => new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) }),
    plain: withoutListening(fromPglite(pglite)),
    close: (): Promise<void> => pglite.close(),
  };
}

/** Workers ask for their jobs; they are not told. */
function withoutListening({ executeSql }: Db): Db {
  return { executeSql };
}
