import type { Provider } from "ethers";
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
  const code = isRaw(provider)
    ? ((await provider.send("eth_getCode", [account, "latest"])) as string)
    : await provider.getCode(account);
  return code !== "0x";
}
