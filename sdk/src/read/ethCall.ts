import type { Provider } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";

/** A block to read at. */
export interface CallPoint {
  provider: Provider;
  /** Every call reads at this block; "latest" is whatever block the node is at when it answers. */
  blockNumber: number | "latest";
  /** The block must have this hash (EIP-1898): after a reorg the node refuses, and does not answer from another block of that number. */
  blockHash?: string | undefined;
}

/** What is different for as long as a call lasts, by address. */
export type StateOverrides = Readonly<Record<string, AccountOverride>>;

/** Code and storage that an account shall have instead of its own, hex. */
export interface AccountOverride {
  readonly code?: string;
  /** By slot; all others stay as they are. */
  readonly stateDiff?: Readonly<Record<string, string>>;
}

/** A provider that passes any request on to its node, as those of ethers and Hardhat do. */
export interface RawProvider extends Provider {
  send(method: string, params: unknown[]): Promise<unknown>;
}

/**
 * One `eth_call` at a block.
 *
 * @throws What the provider throws; {@link CrosshedgeError} BAD_ARGUMENT where it cannot read at a hash or override a state
 */
export async function ethCall(
  { provider, blockNumber, blockHash }: CallPoint,
  call: { to: string; data: string; from?: string },
  overrides: StateOverrides = {},
): Promise<string> {
  const overridden = Object.keys(overrides).length > 0;
  if (blockHash === undefined && !overridden && (blockNumber !== "latest" || !isRaw(provider))) {
    return provider.call({ ...call, blockTag: blockNumber });
  }
  if (!isRaw(provider)) {
    throw new CrosshedgeError("BAD_ARGUMENT", "This provider cannot read at the hash of a block.", {
      nextStep: "Use a JsonRpcProvider, or read at a number.",
    });
  }
  const tag = blockNumber === "latest" ? blockNumber : `0x${blockNumber.toString(16)}`;
  const block = blockHash === undefined ? tag : { blockHash, requireCanonical: true };
  return (await provider.send("eth_call", overridden ? [call, block, overrides] : [call, block])) as string;
}

/** True for a provider that passes any request on to its node. */
export function isRaw(provider: Provider): provider is RawProvider {
  return "send" in provider && typeof provider.send === "function";
}
