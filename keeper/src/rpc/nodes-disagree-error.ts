import { KeeperError } from "../errors.js";

const NAME = "NodesDisagreeError";

/** Two nodes that should know the same answered differently, twice. */
export class NodesDisagreeError extends KeeperError {
  override readonly name = NAME;
  /** The nodes' answers cannot be used now: for callers the same as no answer. */
  readonly code = "NETWORK_ERROR";
  readonly method: string;
  readonly endpoints: readonly string[];

  constructor(method: string, endpoints: readonly string[]) {
    super(
      `The nodes ${endpoints.join(" and ")} answer ${method} differently.`,
      "Nothing was done; if it stays, compare them with a third node, and replace the one that is wrong.",
    );
    this.method = method;
    this.endpoints = endpoints;
  }

  /** True for such an error, and for one that wraps it. */
  static is(error: unknown): boolean {
    for (let depth = 0, inner = error; depth < 8 && typeof inner === "object" && inner !== null; depth++) {
      const { name, cause } = inner as { name?: unknown; cause?: unknown };
      if (name === NAME) return true;
      inner = cause;
    }
    return false;
  }
}
