import type { Kysely } from "kysely";
import type { Db } from "pg-boss";
import type { Database } from "../schema.js";

/** A Postgres, wherever it runs. */
export interface Backend {
  readonly kysely: Kysely<Database>;
  /** Schema of the journal's tables. */
  readonly schema: string;
  /** Whose clock leases go by: the server's where several machines share it. */
  readonly leaseClock: "database" | "own";
  /** For SQL as it stands: the queue brings its own. */
  readonly plain: Db;
  close(): Promise<void>;
}

/** Whole numbers of 8 bytes are numbers everywhere: none of the journal's is larger than 2^53. */
export const INT8 = 20;

/** Schema of a journal that has the database to itself. */
export const SCHEMA = "crosshedge";

/** Schema of the queue beside a journal's. */
export function queueSchema(schema: string): string {
  return `${schema}_queue`;
}
