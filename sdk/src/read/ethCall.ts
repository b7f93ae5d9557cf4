import type { Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";

/** A block to read at. */
export interface CallPoint {
  provider: Provider;
  /** Every call reads at this block. */
  blockNumber: number;
  /** The block must have this hash (EIP-1898): after a reorg the node refuses, and does not answer from another block of that number. */
  blockHash?: string | undefined;
}

/** A provider that passes any request on to its node, as those of ethers and Hardhat do. */
interface RawProvider extends Provider {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/**
 * One `eth_call` at a block.
 *
 * @param code What accounts shall have as their code for as long as the call lasts, hex by address
 */
export async function ethCall(
  { provider, blockNumber, blockHash }: CallPoint,
  call: { to: string; data: string; from?: string },
  code: Record<string, string> = {},
): Promise<string> {
  const overrides = Object.fromEntries(Object.entries(code).map(([address, hex]) => [address, { code: hex }]));
  const overridden = Object.keys(overrides).length > 0;
  if (blockHash === undefined && !overridden) return provider.call({ ...call, blockTag: blockNumber });
  if (!isRaw(provider)) {
    throw new CrosshedgeError("BAD_ARGUMENT", "This provider cannot read at the hash of a block.", {
      nextStep: "Use a JsonRpcProvider, or read at a number.",
    });
  }
  const block = blockHash === undefined ? `0x${blockNumber.toString(16)}` : { blockHash, requireCanonical: true };
  return (await provider.send("eth_call", overridden ? [call, block, overrides] : [call, block])) as string;
}

/** Whether a provider passes any request on to its node. */
export function isRaw(provider: Provider): provider is RawProvider {
  return "send" in provider && typeof provider.send === "function";
}
