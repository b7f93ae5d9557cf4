import type { Meaning, RpcFault } from "./fault.js";

/** What was asked of an endpoint since the start, and what came of it. */
export interface EndpointStats {
  posts: number;
  /** Questions in those posts. */
  requests: number;
  retries: number;
  /** How often it was outvoted, or differed from the only other one. */
  disagreements: number;
  faults: Partial<Record<Meaning, number>>;
  /** Time of all posts together. */
  milliseconds: number;
}

/**
 * - healthy: is used
 * - unverified: is used, and says its chain id in the next answer
 * - resting: asked to be left alone for a while
 * - open: failed several times in a row, and is left alone for a while
 * - excluded: is on another chain; not used any more
 */
export type EndpointState = "healthy" | "unverified" | "resting" | "open" | "excluded";

/** How an endpoint does, for people and metrics. */
export interface EndpointHealth {
  readonly index: number;
  /** Its place and host, such as "rpc[0] eth.example"; never its address. */
  readonly name: string;
  readonly state: EndpointState;
  /** The latest block it told. */
  readonly head: number | null;
  readonly lastFault: RpcFault | null;
  readonly stats: Readonly<EndpointStats>;
}

export function emptyStats(): EndpointStats {
  return { posts: 0, requests: 0, retries: 0, disagreements: 0, faults: {}, milliseconds: 0 };
}
