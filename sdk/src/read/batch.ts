import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { multicall, type Outcome, type ReadPoint } from "../multicall.js";
import type { ContractCall } from "./call.js";

/** The answer of a call that was added to a batch; readable once the batch is sent. */
export interface Pending<T> {
  /** The value; throws READ_FAILED where the call failed. */
  value(): T;
  /** The value, or null where the call failed. */
  orNull(): T | null;
  /** The value, or why the call failed. */
  outcome(): Outcome<T>;
}

/**
 * Collects reads of any shape and sends them as one {@link multicall}.
 *
 * @example
 * const batch = new Batch(at);
 * const symbols = tokens.map((token) => batch.add(erc20.symbol(token)));
 * await batch.send();
 * symbols.map((symbol) => symbol.value());
 */
export class Batch {
  readonly #at: ReadPoint;
  readonly #calls: ContractCall<unknown>[] = [];
  #outcomes: Outcome<unknown>[] | undefined;

  constructor(at: ReadPoint) {
    this.#at = at;
  }

  /** Adds a call; its answer is there once the batch is sent. */
  add<T>(call: ContractCall<T>): Pending<T> {
    const index = this.#calls.push(call) - 1;
    const outcome = (): Outcome<T> => {
      const found = this.#outcomes?.[index];
      if (found === undefined)
        throw new CrosshedgeError("BAD_ARGUMENT", `${call.label} was read before its batch was sent.`);
      return found as Outcome<T>;
    };
    const value = (): T => {
      const found = outcome();
      if (found.ok) return found.value;
      throw found.error;
    };
    const orNull = (): T | null => {
      const found = outcome();
      return found.ok ? found.value : null;
    };
    return { value, orNull, outcome };
  }

  /**
   * Sends all of them.
   *
   * @throws {CrosshedgeError} NETWORK
   */
  async send(): Promise<void> {
    this.#outcomes = await multicall(this.#at, [...this.#calls]);
  }
}
