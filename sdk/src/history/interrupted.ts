import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { decodeError } from "../errors/decodeError.js";
import type { HistoryCursor } from "./cursor.js";

/**
 * A history could not be read to its end. Everything that was told before is good, and `cursor` goes on where it stopped.
 *
 * @example
 * catch (error) {
 *   if (error instanceof HistoryInterrupted) await save(error.cursor);
 * }
 */
export class HistoryInterrupted extends CrosshedgeError {
  /** Null where nothing was read yet: begin again as before. */
  readonly cursor: HistoryCursor | null;

  constructor(caught: unknown, cursor: HistoryCursor | null) {
    const { code, shortMessage, nextStep, cause, revert } = decodeError(caught);
    super(code, shortMessage, { nextStep, cause, ...(revert === undefined ? {} : { revert }) });
    this.cursor = cursor;
  }
}
