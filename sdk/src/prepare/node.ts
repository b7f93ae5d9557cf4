import type { Provider } from "ethers";
import type { Connection } from "../connection.js";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import { type PinnedBlock, pinBlock } from "../read/block.js";
import { isRaw } from "../read/ethCall.js";

/* What is asked here goes out in the same tick as the calls, so that all is one batch: ethers' own methods ask for the chain first. */

/** The latest block's header. */
export async function readHeader(provider: Provider): Promise<PinnedBlock> {
  if (!isRaw(provider)) return pinBlock(provider);
  const block = (await provider.send("eth_getBlockByNumber", ["latest", false])) as Record<keyof PinnedBlock, string>;
  if (block === null) throw new CrosshedgeError("READ_FAILED", "The node does not know its latest block.");
  return { number: Number(block.number), hash: block.hash, timestamp: Number(block.timestamp) };
}

/** True for a contract wallet, and for an account that has delegated itself to code (EIP-7702). */
export async function accountHasCode(provider: Provider, account: string): Promise<boolean> {
  return (await codeOf(provider, account)) !== "0x";
}

const chainIds = new WeakMap<Connection, bigint>();

/** Asked once a connection. */
export async function chainIdOf(connection: Connection): Promise<bigint> {
  const { provider } = connection;
  const chainId =
    chainIds.get(connection) ??
    (isRaw(provider)
      ? BigInt((await provider.send("eth_chainId", [])) as string)
      : (await provider.getNetwork()).chainId);
  chainIds.set(connection, chainId);
  return chainId;
}

const multicallCodes = new WeakMap<Connection, string>();

/** Multicall3's code, asked once a connection; null where there is none. */
export async function multicallCodeOf(connection: Connection): Promise<string | null> {
  const { provider, multicall } = connection;
  if (multicall === undefined) return null;
  const code = multicallCodes.get(connection) ?? (await codeOf(provider, multicall));
  if (code === "0x") {
    throw new CrosshedgeError("BAD_ARGUMENT", `There is no Multicall3 at ${multicall}.`, {
      nextStep: "Give this chain's Multicall3, or none.",
    });
  }
  multicallCodes.set(connection, code);
  return code;
}

async function codeOf(provider: Provider, address: string): Promise<string> {
  return isRaw(provider)
    ? ((await provider.send("eth_getCode", [address, "latest"])) as string)
    : provider.getCode(address);
}
