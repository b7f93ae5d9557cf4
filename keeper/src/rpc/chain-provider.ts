import {
  isHexString,
  JsonRpcApiProvider,
  type JsonRpcError,
  type JsonRpcPayload,
  type JsonRpcResult,
  Network,
  type PerformActionRequest,
} from "ethers";
import { classifyRpcError } from "./classify.js";
import type { EndpointHealth } from "./endpoint-stats.js";
import type { Nodes, Reply, Sent } from "./nodes.js";
import { RpcError } from "./rpc-error.js";

/** Questions of one turn of the event loop go out together. */
const STALL_MS = 1;
const MAX_BATCH = 100;

/**
 * An ethers provider over several nodes of one chain: what it reads they must agree on, what it sends goes to all of them. Its latest block
 * is the highest that they know alike. It caches nothing.
 * A block's hash as `blockTag` is sent as EIP-1898 with `requireCanonical`, so that a block that was left by a reorg is an error.
 */
export class ChainProvider extends JsonRpcApiProvider {
  readonly chainId: number;
  readonly #nodes: Nodes;

  constructor(chainId: number, nodes: Nodes) {
    super(chainId, {
      staticNetwork: Network.from(chainId),
      cacheTimeout: -1,
      batchStallTime: STALL_MS,
      batchMaxCount: MAX_BATCH,
      polling: true,
    });
    this.chainId = chainId;
    this.#nodes = nodes;
    this._start();
  }

  /** True where at least two nodes must agree on what is read. */
  get crossChecked(): boolean {
    return this.#nodes.quorum > 1;
  }

  /** How each node does. */
  get endpoints(): readonly EndpointHealth[] {
    return this.#nodes.endpoints.map(({ health }) => health);
  }

  /** Send a signed transaction to every node. @throws {RpcError} none took it; `fault.meaning` says why */
  broadcast(raw: string): Promise<Sent> {
    return this.#nodes.broadcast(raw);
  }

  override async _send(payload: JsonRpcPayload | readonly JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const payloads = [payload].flat() as readonly JsonRpcPayload[];
    const replies = await this.#nodes.answer(
      payloads.map(({ method, params }) => ({ method, params: Array.isArray(params) ? params : [params] })),
    );
    return payloads.map(({ id }, index) => toJsonRpc(id, replies[index] as Reply));
  }

  override getRpcRequest(request: PerformActionRequest): null | { method: string; args: unknown[] } {
    const rpc = super.getRpcRequest(request);
    if (rpc === null || request.method === "getBlock" || !("blockTag" in request)) return rpc;
    const { blockTag } = request;
    if (!isHexString(blockTag, 32)) return rpc;
    return {
      method: rpc.method,
      args: rpc.args.map((arg) => (arg === blockTag ? { blockHash: blockTag, requireCanonical: true } : arg)),
    };
  }

  /** Ethers takes any error of a call for a revert: only those that are one may reach it, in the form that it can decode. */
  override getRpcError(payload: JsonRpcPayload, answer: JsonRpcError): Error {
    const { error } = answer;
    if (error.data instanceof Error) return error.data;
    const fault = classifyRpcError(error);
    if (fault.meaning !== "revert") return new RpcError(fault);
    if (payload.method !== "eth_call" && payload.method !== "eth_estimateGas")
      return super.getRpcError(payload, answer);
    const revert = { code: 3, message: "execution reverted", ...(fault.data === null ? {} : { data: fault.data }) };
    return super.getRpcError(payload, { id: answer.id, error: revert });
  }

  override destroy(): void {
    for (const endpoint of this.#nodes.endpoints) endpoint.close();
    super.destroy();
  }
}

function toJsonRpc(id: number, reply: Reply): JsonRpcResult | JsonRpcError {
  if (reply.ok) return { id, result: reply.result };
  if ("thrown" in reply) return { id, error: { code: -32000, message: reply.thrown.message, data: reply.thrown } };
  return { id, error: reply.error };
}
