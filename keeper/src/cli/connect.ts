import { decodeError } from "@crosshedge/sdk";
import { JsonRpcProvider } from "ethers";
import type { ChainTarget } from "../operator-config/targets.js";

/** A provider that answers from the chain alone: nothing is cached, and the chain id is asked once. */
export async function connectTarget({ chain }: ChainTarget): Promise<JsonRpcProvider> {
  const url = chain.rpc[0]!.reveal();
  const probe = new JsonRpcProvider(url, undefined, { staticNetwork: true });
  try {
    const chainId = await probe.send("eth_chainId", []);
    return new JsonRpcProvider(url, Number(chainId), { cacheTimeout: -1, staticNetwork: true });
  } catch (cause) {
    throw decodeError(cause);
  } finally {
    probe.destroy();
  }
}
