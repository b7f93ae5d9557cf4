import { JsonRpcApiProvider, type JsonRpcError, type JsonRpcPayload, type JsonRpcResult, Network } from "ethers";

type Request = (request: { method: string; params: unknown[] }) => Promise<unknown>;

/** A chain that computes each answer once: what is timed over it is its user alone. Nothing is ever asked again, so the chain must stand still. */
export class CachedProvider extends JsonRpcApiProvider {
  readonly #request: Request;
  readonly #answers = new Map<string, Promise<unknown>>();
  /** Requests so far, and those among them that the chain computed. */
  readonly counts = { asked: 0, computed: 0 };

  constructor(chainId: number, request: Request) {
    super(chainId, { staticNetwork: Network.from(chainId), cacheTimeout: -1, batchStallTime: 1 });
    this.#request = request;
    this._start();
  }

  override async _send(payload: JsonRpcPayload | JsonRpcPayload[]): Promise<(JsonRpcResult | JsonRpcError)[]> {
    const payloads = Array.isArray(payload) ? payload : [payload];
    return Promise.all(
      payloads.map(async ({ id, method, params }) => ({ id, result: await this.#ask(method, params) })),
    );
  }

  #ask(method: string, params: JsonRpcPayload["params"]): Promise<unknown> {
    const key = `${method} ${JSON.stringify(params)}`;
    this.counts.asked += 1;
    let answer = this.#answers.get(key);
    if (answer === undefined) {
      this.counts.computed += 1;
      answer = this.#request({ method, params: params as unknown[] });
      this.#answers.set(key, answer);
    }
    return answer;
  }
}
