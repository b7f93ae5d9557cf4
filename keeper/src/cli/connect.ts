import { decodeError } from "@crosshedge/sdk";
import { type BaseWallet, type Provider, Wallet } from "ethers";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { type ChainOptions, connectChain } from "../rpc/connect-chain.js";
import { RpcError } from "../rpc/rpc-error.js";

/**
 * The chain behind one node or several, which then must agree on what they say.
 *
 * @throws {CrosshedgeError} NETWORK where no node answers
 * @throws {KeeperError} an address that is not one, or nodes of different chains
 */
export async function connectProvider(urls: readonly string[], options: ChainOptions = {}): Promise<ChainProvider> {
  try {
    return await connectChain(urls, options);
  } catch (cause) {
    throw cause instanceof RpcError ? decodeError(cause) : cause;
  }
}

/** The keeper's account. */
export function connectSigner(key: string, provider: Provider): BaseWallet {
  return new Wallet(key, provider);
}
