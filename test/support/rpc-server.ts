import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { NetworkConnection } from "hardhat/types/network";

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: unknown[];
}

/** A chain of this process behind HTTP, which remembers what came in. */
export interface RpcServer {
  readonly url: string;
  /** The methods of each POST, in order of arrival. */
  readonly posts: string[][];
  close(): Promise<void>;
}

/** Serve a chain as a node does, batches and all. */
export async function serveChain({ provider }: Pick<NetworkConnection, "provider">): Promise<RpcServer> {
  const posts: string[][] = [];
  const answer = async ({ id, method, params }: Request): Promise<object> => {
    try {
      return { jsonrpc: "2.0", id, result: await provider.request({ method, params }) };
    } catch (caught) {
      const { code = -32000, message, data } = caught as { code?: number; message: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code, message, data } };
    }
  };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Request | Request[];
    const requests = Array.isArray(body) ? body : [body];
    posts.push(requests.map(({ method }) => method));
    const answers: object[] = [];
    for (const request of requests) answers.push(await answer(request));
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
