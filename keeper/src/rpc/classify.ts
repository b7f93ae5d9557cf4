import { redact } from "@crosshedge/sdk";
import type { Meaning, RpcFault } from "./fault.js";
import { type Layer, layersOf } from "./layers.js";
import { RpcError } from "./rpc-error.js";
import { meaningOfText } from "./wordings.js";

/** Codes of EIP-1474, ethers, the SDK, Node's sockets and fetch, where the words say nothing. */
const CODES: Readonly<Record<string, Meaning>> = {
  "3": "revert",
  "-32015": "revert",
  CALL_EXCEPTION: "revert",
  CONTRACT_ERROR: "revert",
  VENUE_ERROR: "revert",
  REVERTED: "revert",
  PANIC: "revert",
  SLIPPAGE: "revert",
  NONCE_EXPIRED: "nonceTooLow",
  REPLACEMENT_UNDERPRICED: "underpricedReplacement",
  INSUFFICIENT_FUNDS: "insufficientFunds",
  UNSUPPORTED_OPERATION: "unsupported",
  "-32601": "unsupported",
  "-32004": "unsupported",
  "-32700": "invalid",
  "-32600": "invalid",
  "-32602": "invalid",
  INVALID_ARGUMENT: "invalid",
  "-32001": "staleBlock",
  "-32005": "rateLimited",
  "429": "rateLimited",
  "4444": "staleBlock",
  "-32002": "unavailable",
  BAD_DATA: "garbage",
  TIMEOUT: "unavailable",
  NETWORK_ERROR: "unavailable",
  SERVER_ERROR: "unavailable",
  NETWORK: "unavailable",
};
const SOCKET_CODE =
  /^(?:E[A-Z]{3,}|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+|ERR_SSL_[A-Z_]+|[A-Z_]*SELF_SIGNED[A-Z_]*)$/;
const MAX_MESSAGE = 300;

/** What the HTTP status of an answer means; null for one that says nothing. */
export function meaningOfStatus(status: number | null): Meaning | null {
  if (status === null || status < 400) return null;
  if (status === 429) return "rateLimited";
  if (status === 401 || status === 402 || status === 403) return "unauthorized";
  if (status === 413) return "batchTooLarge";
  if (status === 404 || status === 408 || status === 410 || status >= 500) return "unavailable";
  return "invalid";
}

function meaningOfCode({ code, name }: Layer): Meaning | null {
  if (name === "TimeoutError" || name === "AbortError") return "unavailable";
  if (name === "SyntaxError") return "garbage";
  if (code === null) return null;
  const known = CODES[String(code)];
  if (known !== undefined) return known;
  // A node has spoken: what is wrapped around its words says less.
  if (typeof code === "number") return "unknown";
  return SOCKET_CODE.test(code) ? "unavailable" : null;
}

function first<T>(layers: readonly Layer[], find: (layer: Layer) => T | null): T | null {
  for (const layer of layers) {
    const value = find(layer);
    if (value !== null) return value;
  }
  return null;
}

/**
 * What a caught error of a node means, whoever wrapped it: its words count first, the deepest first, then the HTTP status, then codes.
 * Never throws.
 */
export function classifyRpcError(error: unknown): RpcFault {
  const layers = layersOf(error);
  const own = layers.findLast(({ source }) => source instanceof RpcError);
  if (own !== undefined) return (own.source as RpcError).fault;
  const status = first(layers, (layer) => layer.status);
  const refused = first(layers, ({ code }) => (code === 3 ? ("revert" as const) : null));
  const meaning =
    refused ??
    first(layers, ({ text }) => meaningOfText(text)) ??
    meaningOfStatus(status) ??
    first(layers, meaningOfCode) ??
    "unknown";
  const text = first(layers, (layer) => (layer.text === "" ? null : layer.text)) ?? "no message";
  return {
    meaning,
    message: redact(text).slice(0, MAX_MESSAGE),
    code: first(layers, ({ code }) => (typeof code === "number" ? code : null)) ?? first(layers, ({ code }) => code),
    status,
    data: meaning === "revert" ? first(layers, ({ data }) => data) : null,
    retryAfterMs: first(layers, ({ retryAfterMs }) => retryAfterMs),
  };
}
