import type { Provider } from "ethers";
import { isRaw } from "./ethCall.js";

/** The chain that a provider is on now; asked directly where it passes requests on, for its own methods may remember, or ask before all else. */
export async function chainIdOf(provider: Provider): Promise<bigint> {
  if (!isRaw(provider)) return (await provider.getNetwork()).chainId;
  return BigInt(String(await provider.send("eth_chainId", [])));
}
