import { type Kysely, sql } from "kysely";
import { WrongSettingError } from "../errors.js";
import { journal } from "./migrations/001-journal.js";
import type { Database } from "./schema.js";

/** In order; one that was released is never changed, its successor corrects it. */
const MIGRATIONS: readonly ((db: Kysely<unknown>) => Promise<void>)[] = [journal];

/**
 * Bring a schema up to date, in one transaction: replicas that start together wait for each other, and one that dies leaves nothing half done.
 * @throws {WrongSettingError} the schema was made by a newer program
 */
export async function migrate(db: Kysely<Database>, schema: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`crosshedge:${schema}`}, 0))`.execute(transaction);
    await transaction.schema.createSchema(schema).ifNotExists().execute();
    const own = transaction.withSchema(schema);
    const version = sql.table(`${schema}.schema_version`);
    await sql`create table if not exists ${version} (version integer not null)`.execute(transaction);
    const { rows } = await sql<{ version: number }>`select version from ${version}`.execute(transaction);
    const found = rows[0]?.version ?? 0;
    if (found > MIGRATIONS.length) {
      throw new WrongSettingError(
        `The journal has schema version ${found}, made by a newer keeper; this one knows ${MIGRATIONS.length}.`,
        "Run the newer program.",
      );
    }
    if (found === MIGRATIONS.length) return;
    for (const step of MIGRATIONS.slice(found)) await step(own as unknown as Kysely<unknown>);
    await sql`delete from ${version}`.execute(transaction);
    await sql`insert into ${version} values (${MIGRATIONS.length})`.execute(transaction);
  });
}
