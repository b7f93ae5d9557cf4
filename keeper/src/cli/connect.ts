import { decodeError } from "@crosshedge/sdk";
import type { ChainTarget } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { type ChainOptions, connectChain } from "../rpc/connect-chain.js";
import { RpcError } from "../rpc/rpc-error.js";

/**
 * The chain behind the nodes of a configuration, which must agree where there are several.
 *
 * @throws {CrosshedgeError} NETWORK where no node answers
 * @throws {KeeperError} nodes of different chains, or of another one than is configured
 */
export async function connectTarget(
  { chain, chainId }: ChainTarget,
  options: Omit<ChainOptions, "chainId"> = {},
): Promise<ChainProvider> {
  const urls = chain.rpc.map((url) => url.reveal());
  try {
    return await connectChain(urls, { ...options, ...(chainId === null ? {} : { chainId }) });
  } catch (cause) {
    throw cause instanceof RpcError ? decodeError(cause) : cause;
  }
}
