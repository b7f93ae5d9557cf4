import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** An error that a fake node answers with. */
export class NodeError extends Error {
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.error = { code, message, ...(data === undefined ? {} : { data }) };
  }
}

export type Answers = Record<string, (...params: never[]) => unknown>;
/** Instead of answering: what goes out for these questions. */
export type Misbehaviour = (response: ServerResponse, asked: readonly Asked[], honest: readonly object[]) => void;

/** A node on a port of its own that says what the test wants. */
export interface FakeNode {
  readonly url: string;
  /** The methods of each POST so far. */
  readonly posts: string[][];
  /** All questions so far. */
  readonly asked: Asked[];
  readonly answers: Answers;
  /** From now on, for so many POSTs. */
  misbehave(how: Misbehaviour | null, times?: number): void;
  close(): Promise<void>;
}

export async function fakeNode(answers: Answers = {}, path = ""): Promise<FakeNode> {
  const posts: string[][] = [];
  const all: Asked[] = [];
  const known: Answers = { eth_chainId: () => "0x1", ...answers };
  let misbehaviour: Misbehaviour | null = null;
  let left = 0;

  const answer = ({ id, method, params }: Asked): object => {
    try {
      const result = known[method];
      if (result === undefined) throw new NodeError(-32601, `the method ${method} does not exist/is not available`);
      return { jsonrpc: "2.0", id, result: result(...(params as never[])) };
    } catch (error) {
      return { jsonrpc: "2.0", id, error: (error as NodeError).error };
    }
  };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    const parsed = JSON.parse(body) as Asked | Asked[];
    const asked = [parsed].flat();
    posts.push(asked.map(({ method }) => method));
    all.push(...asked);
    const honest = asked.map(answer);
    if (misbehaviour !== null && left > 0) {
      left--;
      misbehaviour(response, asked, honest);
    } else send(response, Array.isArray(parsed) ? honest : honest[0]!);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    posts,
    asked: all,
    answers: known,
    misbehave(how, times = Number.POSITIVE_INFINITY) {
      misbehaviour = how;
      left = times;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export function send(response: ServerResponse, body: object | string, status = 200, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

export const status =
  (code: number, body: object | string = "", headers = {}): Misbehaviour =>
  (response) =>
    send(response, body, code, headers);

/** Never answers. */
export const hang: Misbehaviour = () => undefined;
export const hangUp: Misbehaviour = (response) => response.destroy();
