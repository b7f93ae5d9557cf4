import type { Logger } from "../logger.js";
import { WrongTargetError } from "../store/targets.js";
import type { Fleet } from "./create-fleet.js";

/** Exit code for "start me again". */
export const RESTART_CODE = 75;
/** Exit code for what has to be corrected first. */
const WRONG_CODE = 1;

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
 * @returns The exit code: 0, 75 where the process shall be started again, or 1 where the configuration means another vault or chain than before
 */
export async function runFleet(fleet: Fleet, logger: Logger, signals: Signals = process): Promise<number> {
  let tell: (nothing: null) => void;
  const told = new Promise<null>((resolve) => {
    tell = resolve;
  });
  let asked = false;
  const end = (): void => {
    if (asked) {
      signals.exit(RESTART_CODE);
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
    if (why === null) return 0;
    return why instanceof WrongTargetError ? WRONG_CODE : RESTART_CODE;
  } finally {
    signals.off("SIGTERM", end);
    signals.off("SIGINT", end);
    signals.off("SIGHUP", wake);
  }
}
