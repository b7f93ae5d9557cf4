import type { Kysely } from "kysely";
import type { Database } from "../schema.js";

export type Rows = { rows: Record<string, unknown>[] };

/** A Postgres, wherever it runs. */
export interface Backend {
  readonly kysely: Kysely<Database>;
  /** Schema of the journal's tables. */
  readonly schema: string;
  /** Whose clock leases go by: the server's where several machines share it. */
  readonly leaseClock: "database" | "own";
  /** Runs SQL as it stands; several statements where there are no values. */
  execute(text: string, values?: readonly unknown[]): Promise<Rows>;
  close(): Promise<void>;
}

/** Whole numbers of 8 bytes are numbers everywhere: none of the journal's is larger than 2^53. */
export const INT8 = 20;

/** Schema of a journal that has the database to itself. */
export const SCHEMA = "crosshedge";
