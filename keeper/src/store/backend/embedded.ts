import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { Kysely, PGliteDialect } from "kysely";
import type { Database } from "../schema.js";
import { INT8, type Rows } from "./backend.js";

/** Postgres in this process. */
export async function openEmbedded(options: PGliteOptions) {
  const pglite = await PGlite.create({ ...options, parsers: { [INT8]: Number } });
  return {
    newKysely: (): Kysely<Database> => new Kysely<Database>({ dialect: new PGliteDialect({ pglite }) }),
    execute: async (text: string, values: readonly unknown[] = []): Promise<Rows> => {
      const result = values.length > 0 ? await pglite.query(text, [...values]) : (await pglite.exec(text)).at(-1);
      return { rows: (result?.rows ?? []) as Rows["rows"] };
    },
    close: (): Promise<void> => pglite.close(),
  };
}
