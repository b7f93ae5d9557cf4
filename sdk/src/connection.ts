import { BaseContract, type Provider, type Signer } from "ethers";
import { interfaceOf } from "./abi/abi.js";
import { checkAddress } from "./address.js";
import { CrosshedgeError } from "./errors/CrosshedgeError.js";
import {
  IHedgeVault__events,
  IHedgeVault__views,
  IHedgeVault__writes,
  IRedeemQueue__events,
  IRedeemQueue__views,
  IRedeemQueue__writes,
} from "./generated/abi.js";
import type { IHedgeVault, IRedeemQueue } from "./generated/index.js";

const VAULT = [IHedgeVault__views, IHedgeVault__writes, IHedgeVault__events].join("\n");
const QUEUE = [IRedeemQueue__views, IRedeemQueue__writes, IRedeemQueue__events].join("\n");

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
    vault: new BaseContract(address, interfaceOf(VAULT), options.signer ?? provider) as IHedgeVault,
    queue: new BaseContract(address, interfaceOf(QUEUE), options.signer ?? provider) as IRedeemQueue,
  };
}

/** The signer, or SIGNER_REQUIRED. */
export function requireSigner(connection: Connection): Signer {
  if (connection.signer !== undefined) return connection.signer;
  throw new CrosshedgeError("SIGNER_REQUIRED", "A transaction needs a signer.");
}
