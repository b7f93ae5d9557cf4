import { decodeError } from "@crosshedge/sdk";
import { type BaseWallet, JsonRpcProvider, Wallet } from "ethers";
import { KeeperError } from "../errors.js";

/** A provider that answers from the chain alone: nothing is cached, and the chain id is asked once. */
export async function connectProvider(url: string): Promise<JsonRpcProvider> {
  if (!/^https?:\/\//.test(url))
    throw new KeeperError("The RPC address is not one of http or https.", "Correct --rpc.");
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

/** The keeper's account. */
export function connectSigner(key: string, provider: JsonRpcProvider): BaseWallet {
  return new Wallet(key, provider);
}
