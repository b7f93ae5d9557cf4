import type { Provider, Signer } from "ethers";
import { checkAddress } from "./address.js";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import { type IHedgeVault, IHedgeVault__factory, type IRedeemQueue, IRedeemQueue__factory } from "./generated/index.js";
import { contractAt } from "./read/contractAt.js";

/** How to reach a vault: a provider to read, a signer to send too. */
export interface ConnectOptions {
  /** The vault's address. */
  address: string;
  provider?: Provider;
  signer?: Signer;
  /** Multicall3 on this chain; without it reads go out in parallel, pinned to one block all the same. */
  multicall?: string | undefined;
}

/** What every operation of the SDK works with. */
export interface Connection {
  readonly address: string;
  readonly provider: Provider;
  readonly signer: Signer | undefined;
  readonly multicall: string | undefined;
  /** Typed, bound to the signer where there is one. */
  readonly vault: IHedgeVault;
  /** The same contract as a redemption queue. */
  readonly queue: IRedeemQueue;
}

/** Options checked and completed. */
export function openConnection(options: ConnectOptions): Connection {
  const address = checkAddress(options.address, "address");
  const provider = options.provider ?? options.signer?.provider;
  if (provider === undefined || provider === null) {
    throw new CrosshedgeError("PROVIDER_REQUIRED", "There is no provider to read with.");
  }
  return {
    address,
    provider,
    signer: options.signer,
    multicall: options.multicall === undefined ? undefined : checkAddress(options.multicall, "multicall"),
    vault: contractAt(IHedgeVault__factory, address, options.signer ?? provider),
    queue: contractAt(IRedeemQueue__factory, address, options.signer ?? provider),
  };
}

/** The signer, or SIGNER_REQUIRED. */
export function requireSigner(connection: Connection): Signer {
  if (connection.signer !== undefined) return connection.signer;
  throw new CrosshedgeError("SIGNER_REQUIRED", "A transaction needs a signer.");
}
