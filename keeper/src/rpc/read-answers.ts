import type { Address } from "./address.js";
import { classifyRpcError } from "./classify.js";
import { faultOf } from "./fault.js";
import type { RawError, RpcAnswer, RpcRequest } from "./request.js";
import { RpcError } from "./rpc-error.js";
import { shapeFault } from "./shape.js";

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function garbage(message: string): RpcError {
  return new RpcError(faultOf("garbage", message));
}

function rawError(error: unknown, address: Address): RawError {
  const { code, message, data } = fieldsOf(error) ?? {};
  return {
    code: typeof code === "number" ? code : -32000,
    message: address.clean(typeof message === "string" ? message : String(error)),
    ...(data === undefined ? {} : { data }),
  };
}

function answerOf(fields: Fields, request: RpcRequest, address: Address): RpcAnswer {
  const { error, result } = fields;
  if (error !== undefined && error !== null) {
    const fault = classifyRpcError(error);
    return { ok: false, fault: { ...fault, message: address.clean(fault.message) }, error: rawError(error, address) };
  }
  const wrong = result === undefined ? "it has neither a result nor an error" : shapeFault(request, result);
  if (wrong === null) return { ok: true, result };
  const fault = faultOf("garbage", `The answer to ${request.method} is wrong: ${wrong}.`);
  return { ok: false, fault, error: { code: -32603, message: fault.message } };
}

/**
 * The answers to a batch in the order of its questions. A node may answer in any order, so each is found by its id.
 *
 * @throws {RpcError} one error for all of them, or answers that are missing, doubled, foreign, or not of JSON-RPC
 */
export function readAnswers(
  body: unknown,
  requests: readonly RpcRequest[],
  firstId: number,
  address: Address,
): readonly RpcAnswer[] {
  const rows = Array.isArray(body) ? body : [body];
  const answers = new Map<number, Fields>();
  for (const row of rows) {
    const fields = fieldsOf(row);
    if (fields === null || fields.jsonrpc !== "2.0") throw garbage("An answer is not one of JSON-RPC 2.0.");
    const { id, error } = fields;
    if ((id === null || id === undefined) && error !== undefined) {
      const fault = classifyRpcError(error);
      throw new RpcError({ ...fault, message: address.clean(fault.message) });
    }
    if (typeof id !== "number" || id < firstId || id >= firstId + requests.length)
      throw garbage("An answer has the id of no question.");
    if (answers.has(id)) throw garbage("Two answers have the same id.");
    answers.set(id, fields);
  }
  return requests.map((request, index) => {
    const fields = answers.get(firstId + index);
    if (fields !== undefined) return answerOf(fields, request, address);
    if (rows.length === 1 && requests.length > 1) return missingFromBatch(rows[0], address);
    throw garbage("An answer is missing.");
  });
}

/** Some proxies refuse a whole batch with the error of its first question. */
function missingFromBatch(row: unknown, address: Address): RpcAnswer {
  const error = fieldsOf(row)?.error;
  if (error === undefined || error === null) throw garbage("Answers are missing.");
  const fault = classifyRpcError(error);
  return { ok: false, fault: { ...fault, message: address.clean(fault.message) }, error: rawError(error, address) };
}
