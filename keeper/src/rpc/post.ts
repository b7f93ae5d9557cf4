import type { Address } from "./address.js";
import { classifyRpcError, meaningOfStatus } from "./classify.js";
import { faultOf, type RpcFault } from "./fault.js";
import { RpcError } from "./rpc-error.js";

/** Limits of one request. */
export interface PostLimits {
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
}

const TOO_LATE = Symbol("too late");

/** Milliseconds of a Retry-After, which is seconds or a date. */
function retryAfter(header: string | null): number | null {
  if (header === null) return null;
  const seconds = Number(header);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isFinite(wait) ? Math.max(wait, 0) : null;
}

/** The body as text; one that is too long is not read to its end. */
async function read(response: Response, maxBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  if (response.body === null) return "";
  for await (const part of response.body) {
    size += part.byteLength;
    if (size > maxBytes) throw new RpcError(faultOf("garbage", `The answer is larger than ${maxBytes} bytes.`));
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** What a refusal by HTTP means: the node's own words in its body count before the status. */
function faultOfStatus(response: Response, body: string): RpcFault {
  const { status } = response;
  const told = classifyRpcError({ status, body, message: `HTTP ${status} ${response.statusText}` });
  const meaning = told.meaning === "unknown" ? (meaningOfStatus(status) ?? "garbage") : told.meaning;
  return {
    ...told,
    meaning,
    status,
    retryAfterMs: retryAfter(response.headers.get("retry-after")) ?? told.retryAfterMs,
  };
}

/**
 * One POST, and the JSON that came back.
 *
 * @throws {RpcError} no answer in time, a refusal, or something that is not JSON; its words carry no address and no key
 */
export async function post(address: Address, body: unknown, limits: PostLimits, signal: AbortSignal): Promise<unknown> {
  const { timeoutMs, maxAnswerBytes } = limits;
  const fail = (fault: RpcFault): RpcError => new RpcError({ ...fault, message: address.clean(fault.message) });
  const stop = new AbortController();
  const close = (): void => stop.abort();
  const timer = setTimeout(() => stop.abort(TOO_LATE), timeoutMs);
  signal.addEventListener("abort", close, { once: true });
  try {
    signal.throwIfAborted();
    const response = await fetch(address.url, {
      method: "POST",
      headers: address.headers,
      body: JSON.stringify(body),
      redirect: "error",
      signal: stop.signal,
    });
    const text = await read(response, maxAnswerBytes);
    if (!response.ok) throw fail(faultOfStatus(response, text));
    try {
      return JSON.parse(text);
    } catch {
      throw fail(faultOf("garbage", `The answer is not JSON: ${text.slice(0, 80)}`));
    }
  } catch (caught) {
    if (caught instanceof RpcError) throw caught;
    if (stop.signal.reason === TOO_LATE)
      throw fail(faultOf("unavailable", `No answer within ${timeoutMs} ms.`, { code: "TIMEOUT" }));
    const fault = classifyRpcError(caught);
    throw fail(fault.meaning === "unknown" ? { ...fault, meaning: "unavailable" } : fault);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", close);
  }
}
