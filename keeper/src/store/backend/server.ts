import { CompiledQuery, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { WrongSettingError } from "../../errors.js";
import type { Database } from "../schema.js";
import { type Backend, INT8, SCHEMA } from "./backend.js";

/** Most connections of a process, milliseconds until a connection or an answer is given up. */
const POOL = { max: 10, connectionTimeoutMillis: 5000, query_timeout: 20_000, statement_timeout: 15_000 };

/** Where the server's default lets a commit return before it is flushed, ours does not. */
const SYNCHRONOUS = `select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'`;

/** A Postgres server, which several keepers may share. */
export async function openServer(url: string, schema: string = SCHEMA): Promise<Backend> {
  const pool = new pg.Pool({
    ...{
      connectionString: checked(url),
      application_name: "crosshedge",
      keepAlive: true,
      allowExitOnIdle: true,
      ...POOL,
    },
    ...{ idle_in_transaction_session_timeout: POOL.statement_timeout },
    types: {
      getTypeParser: (id: number, format?: "text" | "binary") =>
        id === INT8 ? Number : pg.types.getTypeParser(id, format as "text"),
    },
  });
  // A connection that breaks while nobody waits for it, in the pool or between two statements of a transaction, must not end the process:
  // whoever asks next learns of it.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const kysely = new Kysely<Database>({
    dialect: new PostgresDialect({
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(SYNCHRONOUS));
      },
    }),
  });
  return {
    ...{ kysely, schema, leaseClock: "database" },
    plain: { executeSql: (text, values) => pool.query(text, values) },
    close: () => kysely.destroy(),
  };
}

function checked(url: string): string {
  if (URL.canParse(url) && /^postgres(?:ql)?:$/.test(new URL(url).protocol)) return url;
  throw new WrongSettingError(
    "The database's URL is not one of Postgres.",
    "Write it as postgres://user:password@host:5432/database.",
  );
}
