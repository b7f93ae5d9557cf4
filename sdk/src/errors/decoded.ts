import { toCrosshedgeError } from "./toCrosshedgeError.js";

/** Runs it, and lets nothing leave but a CrosshedgeError. */
export async function decoded<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (caught) {
    throw toCrosshedgeError(caught);
  }
}
