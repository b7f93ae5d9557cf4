import { PgBoss } from "pg-boss";
import type { Logger } from "../logger.js";
import { queueSchema } from "./backend/backend.js";
import type { Store } from "./open-store.js";
import { StorageError } from "./storage-error.js";

/**
 * The queue of work in the journal's database, started. Stop it before the store is closed. What fails in its own work is logged.
 * @throws {StorageError} the database does not answer
 */
export async function openQueue(store: Store, logger: Logger): Promise<PgBoss> {
  const queue = new PgBoss({
    ...{ db: store.plain, backend: store.kind === "postgres" ? "postgres" : "pglite" },
    ...{ schema: queueSchema(store.schema), schedule: false },
  });
  queue.on("error", (error) => logger.error({ error: new StorageError(error).message }, "the queue failed"));
  queue.on("warning", ({ message }) => logger.warn({}, `the queue warns: ${message}`));
  try {
    return await queue.start();
  } catch (error) {
    throw new StorageError(error);
  }
}
