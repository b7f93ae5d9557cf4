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

/** Serve a fresh chain, or a fork of another; port 0 takes any that is free. */
export async function serve(port: number, fork?: { url: string; chainId: number; time: number }): Promise<Served> {
  const override =
    fork === undefined
      ? {}
      : {
          chainId: fork.chainId,
          chainType: OP_CHAINS.includes(fork.chainId) ? ("op" as const) : ("l1" as const),
          initialDate: new Date((fork.time + 1) * 1000),
          forking: { enabled: true, url: fork.url },
        };
  const server = await network.createServer({ network: "world", override }, HOST, port);
  let listening: { port: number };
  try {
    listening = await server.listen();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new UsageError(
      `Port ${port} is taken, perhaps by another devnet.`,
      "Stop that process, or choose another port with --port.",
      error,
    );
  }
  const url = `http://${HOST}:${listening.port}`;
  const connection = await network.create({ network: "local", override: { url } });
  return {
    url,
    connection,
    async close() {
      await connection.close();
      await server.close();
    },
  };
}

/** The chain id and the latest block's time of a node. */
export async function inspect(url: string): Promise<{ chainId: number; time: number }> {
  const ask = async (method: string, params: unknown[]): Promise<unknown> => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
    const response = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
    return ((await response.json()) as { result: unknown }).result;
  };
  try {
    const chainId = Number(await ask("eth_chainId", []));
    const block = (await ask("eth_getBlockByNumber", ["latest", false])) as { timestamp: string };
    return { chainId, time: Number(block.timestamp) };
  } catch (error) {
    throw new UsageError(`No node answers at ${url}.`, "Start it, or correct the address after --fork.", error);
  }
}
