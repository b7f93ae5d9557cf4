import { WrongSettingError } from "../errors.js";
import { EXIT } from "../exit-codes.js";
import type { Logger } from "../logger.js";
import type { Fleet } from "./create-fleet.js";

/** What a process tells its program: node's own, or a test's. */
export interface Signals {
  on(signal: NodeJS.Signals, heard: () => void): unknown;
  off(signal: NodeJS.Signals, heard: () => void): unknown;
  exit(code: number): void;
}

/**
 * Run a fleet until the process is told to end, or cannot go on. SIGTERM and SIGINT end it in order, a second one at once; SIGHUP ticks
 * every vault now.
 *
 * @returns The exit code: 0, 75 where the process shall be started again, or 78 where the configuration is wrong or means another vault or chain than before
 */
export async function runFleet(fleet: Fleet, logger: Logger, signals: Signals = process): Promise<number> {
  let tell: (nothing: null) => void;
  const told = new Promise<null>((resolve) => {
    tell = resolve;
  });
  let asked = false;
  const end = (): void => {
    if (asked) {
      signals.exit(EXIT.again);
      return;
    }
    asked = true;
    logger.info({}, "told to stop: no new ticks, those under way end; once more ends at once");
    tell(null);
  };
  const wake = (): void => fleet.wake();
  signals.on("SIGTERM", end);
  signals.on("SIGINT", end);
  signals.on("SIGHUP", wake);
  try {
    const why = await Promise.race([fleet.start().then(() => Promise.race([told, fleet.failed])), told]);
    if (why !== null) logger.error({ error: why.message }, "cannot go on");
    await fleet.stop();
    if (why === null) return EXIT.done;
    return why instanceof WrongSettingError ? EXIT.setting : EXIT.again;
  } finally {
    signals.off("SIGTERM", end);
    signals.off("SIGINT", end);
    signals.off("SIGHUP", wake);
  }
}
