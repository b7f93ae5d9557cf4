import type { Provider } from "ethers";
import { checkAddress } from "./address.js";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { chainIdOf } from "./read/chainIdOf.js";
import { isRaw } from "./read/ethCall.js";
import type { VaultLayout } from "./state/layout.js";

/** How to reach a vault. */
export interface ConnectOptions {
  /** The vault's address. */
  address: string;
  provider: Provider;
  /** Multicall3 on this chain; without it reads go out in parallel, pinned to one block all the same. */
  multicall?: string | undefined;
  /** What the vault is made of, where it is known from an earlier connection: then it is not read again until it has changed. */
  layout?: VaultLayout | undefined;
}

/** Where a vault is, and whom to ask. */
export interface ConnectionTarget {
  /** The vault's address, checksummed. */
  readonly address: string;
  readonly provider: Provider;
  /** Multicall3's address, where the chain has one. */
  readonly multicall: string | undefined;
}

/** What every operation of the SDK works with. */
export interface Connection extends ConnectionTarget {
  readonly chainId: bigint;
  /** Multicall3's code, hex: simulations let the account have it. */
  readonly multicallCode: string | undefined;
}

/** Options checked. */
export function targetOf({ address, provider, multicall }: ConnectOptions): ConnectionTarget {
  if (typeof provider?.call !== "function") {
    throw new CrosshedgeError("PROVIDER_REQUIRED", "There is no provider to read with.");
  }
  return {
    address: checkAddress(address, "address"),
    provider,
    multicall: multicall === undefined ? undefined : checkAddress(multicall, "multicall"),
  };
}

/** The connection: asks for the chain and for Multicall3's code, in one tick, so that all is one batch of requests. */
export async function openConnection(target: ConnectionTarget): Promise<Connection> {
  const { provider, multicall } = target;
  const [chainId, multicallCode] = await Promise.all([
    chainIdOf(provider),
    multicall === undefined ? undefined : codeOf(provider, multicall),
  ]);
  return { ...target, chainId, multicallCode };
}

/** @throws {CrosshedgeError} WRONG_CHAIN where the provider, a wallet's say, was switched since it was connected */
export async function checkConnected({ provider, chainId }: Connection): Promise<void> {
  const actual = await chainIdOf(provider);
  if (actual === chainId) return;
  const message = `The provider is on chain ${actual}; the vault was connected on chain ${chainId}.`;
  throw new CrosshedgeError("WRONG_CHAIN", message, {
    nextStep: `Switch the provider to chain ${chainId}, or connect to a vault of this chain.`,
  });
}

async function codeOf(provider: Provider, address: string): Promise<string> {
  const code = isRaw(provider)
    ? ((await provider.send("eth_getCode", [address, "latest"])) as string)
    : await provider.getCode(address);
  if (code !== "0x") return code;
  throw new CrosshedgeError("BAD_ARGUMENT", `There is no Multicall3 at ${address}.`, {
    nextStep: "Give this chain's Multicall3, or none.",
  });
}
