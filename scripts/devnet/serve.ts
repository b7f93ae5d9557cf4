import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type Socket } from "node:net";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";
import { UsageError } from "../errors.js";

/** A simulated chain behind JSON-RPC, and a connection to it. */
export interface Served {
  readonly url: string;
  readonly connection: NetworkConnection;
  close(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Chains of Optimism's kind have transactions that others cannot read. */
const OP_CHAINS = [10, 8453, 11155420, 84532];

/** Where a chain stands. */
export interface Origin {
  readonly chainId: number;
  /** Number of its latest block. */
  readonly block: number;
  /** Time of that block, unix seconds. */
  readonly time: number;
}

/** What makes a simulated network a fork of another chain's latest block. */
export function forkOf({ chainId, time, block, url }: Origin & { readonly url: string }) {
  return {
    chainId,
    chainType: OP_CHAINS.includes(chainId) ? ("op" as const) : ("l1" as const),
    initialDate: new Date((time + 1) * 1000),
    // Without a number the fork would begin many blocks before the latest.
    forking: { enabled: true, url, blockNumber: block },
  };
}

/**
 * Begin a fork with a block on top: calls at the forked block itself would need the origin's history of hard forks. The fork's own clock may
 * stand before that block, whose contracts have noted its time.
 */
export async function mineOnTop({ networkHelpers }: NetworkConnection, { time }: Origin): Promise<void> {
  await networkHelpers.time.setNextBlockTimestamp(time + 1);
  await networkHelpers.mine();
}

/** Serve a fresh chain, or a fork of another; port 0 takes any that is free. */
export async function serve(port: number, fork?: Origin & { readonly url: string }): Promise<Served> {
  const override = fork === undefined ? {} : forkOf(fork);
  await ensureFree(port);
  const server = await network.createServer({ network: "world", override }, HOST, port);
  const listening = await server.listen();
  const hangUp = watchSockets(listening.port);
  const url = `http://${HOST}:${listening.port}`;
  const connection = await network.create({ network: "local", override: { url } });
  return {
    url,
    connection,
    async close() {
      await connection.close();
      const closed = server.close();
      hangUp();
      await closed;
    },
  };
}

/** A server waits for its clients to leave, which a fork does only after minutes: gives a way to end their connections. */
function watchSockets(port: number): () => void {
  const sockets = new Set<Socket>();
  const remember = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    if (socket.localPort !== port) return;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  subscribe("net.server.socket", remember);
  return () => {
    unsubscribe("net.server.socket", remember);
    for (const socket of sockets) socket.destroy();
  };
}

/** Hardhat's server ends the process when its port is taken, so try the port first. */
async function ensureFree(port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, HOST, resolve);
    });
  } catch (error) {
    throw new UsageError(
      `Port ${port} cannot be listened at: ${(error as Error).message}.`,
      "Stop the process that has it, perhaps another devnet, or choose another with --port.",
      error,
    );
  }
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}

/** A node's address without its path, which may hold a key. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** Where the chain of a node stands. */
export async function inspect(url: string): Promise<Origin> {
  const ask = async (method: string, params: unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return ((await response.json()) as { result: unknown }).result;
  };
  try {
    const chainId = Number(await ask("eth_chainId", []));
    const block = (await ask("eth_getBlockByNumber", ["latest", false])) as { number: string; timestamp: string };
    return { chainId, block: Number(block.number), time: Number(block.timestamp) };
  } catch (error) {
    throw new UsageError(`No node answers at ${hostOf(url)}.`, "Start it, or correct its address.", error);
  }
}
