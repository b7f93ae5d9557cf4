import type { Provider } from "ethers";
import { isRaw } from "../read/ethCall.js";

/**
 * True for a contract wallet, and for an account that has delegated itself to code (EIP-7702). Asked in the same tick as calls that go to the node
 * directly, so that all is one batch.
 */
export async function hasCodeAt(provider: Provider, account: string): Promise<boolean> {
  const code = isRaw(provider)
    ? ((await provider.send("eth_getCode", [account, "latest"])) as string)
    : await provider.getCode(account);
  return code !== "0x";
}
