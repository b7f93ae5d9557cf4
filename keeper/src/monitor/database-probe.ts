import type { Logger } from "../logger.js";
import type { Monitor } from "./monitor.js";

/** What a probe works with. */
export interface ProbeOptions {
  readonly monitor: Monitor;
  /** Resolves once something was written and committed. */
  readonly write: () => Promise<unknown>;
  readonly logger: Logger;
}

/** One real write: only that tells whether the database still takes any. Never rejects. */
export async function probeDatabase({ monitor, write, logger }: ProbeOptions): Promise<void> {
  const started = performance.now();
  try {
    await write();
    monitor.database(performance.now() - started, true);
  } catch (error) {
    monitor.database(performance.now() - started, false);
    logger.error({ error: error instanceof Error ? error.message : String(error) }, "the database took no write");
  }
}
