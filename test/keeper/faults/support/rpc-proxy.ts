import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "../../../../keeper/src/model/random.js";

/** A method of the tests' own: make a block of what waits, at a time in unix seconds or a little later; gives its time. */
export const MAKE_BLOCK = "test_makeBlock";

/** One call of a POST. */
export interface RpcCall {
  readonly id: unknown;
  readonly method: string;
  readonly params: readonly unknown[];
}

export type RpcAnswer =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } };

/** What the chain itself says. */
export type Upstream = (method: string, params: readonly unknown[]) => Promise<RpcAnswer>;

/** A false answer to one call; `forward` asks the chain, with other calls too. */
export type ContentFault = (call: RpcCall, forward: Upstream, random: Random) => RpcAnswer | Promise<RpcAnswer>;

/** What is done to a whole POST; `answer` is its true body, and asks the chain only when it is called. */
export type TransportFault = (
  response: ServerResponse,
  answer: () => Promise<string>,
  random: Random,
) => void | Promise<void>;

/** When a fault happens, and which one. */
export interface Rule {
  readonly name: string;
  /** Every method where it is left out. */
  readonly methods?: readonly string[];
  readonly when?: (call: RpcCall) => boolean;
  /** So many calls are answered truly before the first fault. */
  readonly skip?: number;
  /** So often at most. */
  readonly times?: number;
  /** With this probability, by the proxy's seed; always where it is left out. */
  readonly probability?: number;
  readonly content?: ContentFault;
  readonly transport?: TransportFault;
}

/** A fault that happened. */
export interface Injected {
  readonly rule: string;
  readonly method: string;
}

/** A node that lies where it was told to. */
export interface RpcProxy {
  readonly url: string;
  readonly seed: number;
  /** Every fault that happened, in order. */
  readonly injected: readonly Injected[];
  /** The methods of every POST, in order. */
  readonly posts: readonly (readonly string[])[];
  /** Add a rule; the first that applies to a call is followed. Gives what takes it away. */
  rule(rule: Rule): () => void;
  /** Tell the truth again, and forget what was logged. */
  clear(): void;
  close(): Promise<void>;
}

interface Armed extends Rule {
  seen: number;
  done: number;
}

/** Serve a chain at a port of its own, by rules whose chance follows from the seed. */
export async function serveProxy(upstream: Upstream, seed: number): Promise<RpcProxy> {
  const random = createRandom(seed);
  const injected: Injected[] = [];
  const posts: string[][] = [];
  let rules: Armed[] = [];

  const applying = (call: RpcCall, kind: "content" | "transport"): Armed | undefined =>
    rules.find((rule) => {
      if (rule[kind] === undefined) return false;
      if (rule.methods !== undefined && !rule.methods.includes(call.method)) return false;
      if (rule.when !== undefined && !rule.when(call)) return false;
      rule.seen += 1;
      if (rule.seen <= (rule.skip ?? 0) || rule.done >= (rule.times ?? Number.POSITIVE_INFINITY)) return false;
      if (rule.probability !== undefined && random.uniform() >= rule.probability) return false;
      rule.done += 1;
      injected.push({ rule: rule.name, method: call.method });
      return true;
    });

  const answerCall = async (call: RpcCall): Promise<object> => {
    const fault = applying(call, "content")?.content;
    const answer = fault ? await fault(call, upstream, random) : await upstream(call.method, call.params);
    return { jsonrpc: "2.0", id: call.id, ...answer };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = JSON.parse(await textOf(request)) as RpcCall | RpcCall[];
    const calls = Array.isArray(body) ? body : [body];
    posts.push(calls.map(({ method }) => method));
    const answer = async (): Promise<string> => {
      const answers = await Promise.all(calls.map((call) => answerCall({ ...call, params: call.params ?? [] })));
      return JSON.stringify(Array.isArray(body) ? answers : answers[0]);
    };
    for (const call of calls) {
      const rule = applying(call, "transport");
      if (rule?.transport !== undefined) return rule.transport(response, answer, random);
    }
    response.setHeader("content-type", "application/json");
    response.end(await answer());
  };

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seed,
    injected,
    posts,
    rule(rule) {
      const armed = { ...rule, seen: 0, done: 0 };
      rules.push(armed);
      return () => {
        rules = rules.filter((other) => other !== armed);
      };
    },
    clear() {
      rules = [];
      injected.length = 0;
      posts.length = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** Faults of the connection: what happens to a POST whatever it asks. */
export const transport = {
  status: (code: number, body: string, headers: Record<string, string> = {}): TransportFault => {
    return (response) => {
      response.writeHead(code, { "content-type": "text/html", ...headers }).end(body);
    };
  },
  tooMany: (retryAfterSeconds: number): TransportFault =>
    transport.status(429, "Too Many Requests", { "retry-after": String(retryAfterSeconds) }),
  badGateway: (): TransportFault => transport.status(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
  garbage: (): TransportFault => transport.status(200, "\u0000\u0001 not json"),
  truncated: (): TransportFault => async (response, answer, random) => {
    const body = await answer();
    response.setHeader("content-type", "application/json");
    response.end(body.slice(0, Math.floor(body.length * random.uniform())));
  },
  swappedIds: (): TransportFault => async (response, answer) => {
    const body = JSON.parse(await answer()) as { id: unknown }[] | { id: unknown };
    const list = Array.isArray(body) ? body : [{ ...body, id: 999_999 }];
    const swapped = list.map((one, index) => ({ ...one, id: list[list.length - 1 - index]?.id }));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(Array.isArray(body) ? swapped : list[0]));
  },
  /** The chain has taken it, and nobody hears so. */
  answerLost: (): TransportFault => async (response, answer) => {
    await answer();
    response.destroy();
  },
  /** Nothing reaches the chain. */
  disconnect: (): TransportFault => (response) => {
    response.destroy();
  },
  delay:
    (milliseconds: number): TransportFault =>
    async (response, answer) => {
      await sleep(milliseconds);
      response.setHeader("content-type", "application/json");
      response.end(await answer());
    },
  /** No answer as long as the proxy lives. */
  hang: (): TransportFault => () => undefined,
};
