import type { Meaning, RpcFault } from "./fault.js";

/** Words of ethers, which the SDK's `decodeError` knows. */
const CODES: Partial<Record<Meaning, string>> = {
  nonceTooLow: "NONCE_EXPIRED",
  underpricedReplacement: "REPLACEMENT_UNDERPRICED",
  insufficientFunds: "INSUFFICIENT_FUNDS",
  unsupported: "UNSUPPORTED_OPERATION",
  staleBlock: "NETWORK_ERROR",
  rateLimited: "NETWORK_ERROR",
  unauthorized: "NETWORK_ERROR",
  unavailable: "NETWORK_ERROR",
  garbage: "NETWORK_ERROR",
  wrongChain: "NETWORK_ERROR",
};

/** What an endpoint answered, or why it did not. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  readonly fault: RpcFault;
  /** As ethers would call it. */
  readonly code: string;
  /** Names of the endpoints that said so. */
  readonly endpoints: readonly string[];

  constructor(fault: RpcFault, endpoints: readonly string[] = []) {
    super(endpoints.length === 0 ? fault.message : `${endpoints.join(", ")}: ${fault.message}`);
    this.fault = fault;
    this.code = CODES[fault.meaning] ?? "UNKNOWN_ERROR";
    this.endpoints = endpoints;
  }
}
