import type { Meaning } from "./fault.js";

/** One POST that is over. */
export interface PostEvent {
  /** Position of the endpoint among those configured. */
  readonly endpoint: number;
  readonly name: string;
  readonly methods: readonly string[];
  /** What came of it; where a batch had several faults, the endpoint's own before others. */
  readonly meaning: "ok" | Meaning;
  readonly milliseconds: number;
}

/** How an endpoint is used. */
export interface EndpointOptions {
  /** Longest time of one POST. */
  readonly timeoutMs: number;
  readonly maxAnswerBytes: number;
  /** How often a POST that only reads is repeated after a fault of the way or the endpoint. */
  readonly retries: number;
  /** So many faults of its own in a row, and it is left alone for `restMs`. */
  readonly breaker: { readonly failures: number; readonly restMs: number };
  /** A head further in the future than this is a fault of the node; null where the chain's clock is not the world's. Seconds. */
  readonly maxAheadSeconds: number | null;
  /** A latest block so many below one that was seen is a fault of the node. */
  readonly maxStepBack: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onPost: (event: PostEvent) => void;
}

export const ENDPOINT_DEFAULTS: EndpointOptions = {
  timeoutMs: 10_000,
  maxAnswerBytes: 64 * 2 ** 20,
  retries: 1,
  breaker: { failures: 3, restMs: 15_000 },
  maxAheadSeconds: null,
  maxStepBack: 64,
  now: Date.now,
  onPost: () => undefined,
};
