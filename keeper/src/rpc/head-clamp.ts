import type { EndpointOptions } from "./endpoint-options.js";
import type { RawBlock } from "./head.js";
import type { RpcRequest } from "./request.js";

/** What one node has said of its head, and what it cannot say after that. */
export class HeadClamp {
  readonly #options: Pick<EndpointOptions, "maxAheadSeconds" | "maxStepBack" | "now">;
  #highest: number | null = null;
  #latest: number | null = null;

  constructor(options: Pick<EndpointOptions, "maxAheadSeconds" | "maxStepBack" | "now">) {
    this.#options = options;
  }

  /** Number of the latest block it told. */
  get latest(): number | null {
    return this.#latest;
  }

  /** What is wrong with an answer about the head: far in the future, or far below one told before; null where nothing is. */
  fault({ method, params }: RpcRequest, result: unknown): string | null {
    const { maxAheadSeconds, maxStepBack, now } = this.#options;
    if (method !== "eth_getBlockByNumber" || params[0] !== "latest" || result === null) return null;
    const block = result as RawBlock;
    const number = Number(block.number);
    const ahead = Number(block.timestamp) - now() / 1000;
    if (maxAheadSeconds !== null && ahead > maxAheadSeconds) return `its head is ${Math.round(ahead)} s in the future`;
    if (this.#highest !== null && number < this.#highest - maxStepBack)
      return `its head went back from block ${this.#highest} to ${number}`;
    this.#latest = number;
    this.#highest = Math.max(number, this.#highest ?? 0);
    return null;
  }

  /** A node that comes back after a pause may have been set up anew. */
  forget(): void {
    this.#highest = null;
  }
}
