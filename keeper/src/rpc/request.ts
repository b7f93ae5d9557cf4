import type { RpcFault } from "./fault.js";

/** One question in a batch. */
export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What one endpoint said to one question. */
export type RpcAnswer =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly fault: RpcFault; readonly error: RawError };

/** A JSON-RPC error as it came. */
export interface RawError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** An answer that is a fault, in the form in which nodes send them. */
export function refusal(fault: RpcFault): RpcAnswer {
  const code = typeof fault.code === "number" ? fault.code : -32000;
  return { ok: false, fault, error: { code, message: fault.message } };
}
