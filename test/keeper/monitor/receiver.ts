import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** What a webhook's receiver got. */
export interface Received {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** A receiver of webhooks that answers with the statuses it is given, then with 200. */
export async function receiver(...statuses: number[]): Promise<{
  url: string;
  received: Received[];
  close(): Promise<void>;
}> {
  const received: Received[] = [];
  const server: Server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () => {
      const status = statuses.shift() ?? 200;
      if (status === 200) received.push({ path: request.url ?? "", body: JSON.parse(text) });
      response.writeHead(status, status === 302 ? { location: "/elsewhere" } : {}).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook/token-of-mine`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
