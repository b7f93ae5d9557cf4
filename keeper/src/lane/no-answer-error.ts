import { KeeperError } from "../errors.js";
import { classifyRpcError } from "../rpc/classify.js";

/** Nodes did not say what the lane has to know; nothing was done for want of it. */
export class NoAnswerError extends KeeperError {
  /** As ethers calls it. */
  readonly code = "NETWORK_ERROR";

  constructor(cause: unknown) {
    super(
      `No node could be asked about the account's transactions: ${classifyRpcError(cause).message}`,
      "Trying again.",
      cause,
    );
  }
}

/**
 * All answers, asked for in one turn and so in one batch.
 * @throws {NoAnswerError} one of them failed
 */
export async function ask<T extends readonly unknown[]>(
  questions: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(questions);
  } catch (error) {
    throw new NoAnswerError(error);
  }
}
