import { KeeperError } from "../../keeper/src/errors.js";

/** Ends a command whose input cannot be used, with what to do next instead of a stack. */
export function stopWithError(error: unknown): never {
  console.error(error instanceof KeeperError ? error.message : error);
  process.exit(1);
}
