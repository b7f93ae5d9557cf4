import type { Provider } from "ethers";
import type { Keeper } from "../keeper.js";
import type { Lane } from "../lane/lane.js";
import type { HeadEvent } from "../rpc/head-watch.js";

/** A vault that a fleet looks after. */
export interface FleetVault {
  /** As it is configured, for people. */
  readonly name: string;
  readonly address: string;
  /** From the start of a tick to the start of the next, where nothing calls for one earlier. */
  readonly intervalSeconds: number;
}

/** The vaults of one account on one chain. */
export interface FleetChain {
  /** For people. */
  readonly name: string;
  readonly vaults: readonly FleetVault[];
  /** Reach the chain, and check that it is the one that is meant. Tried again where it rejects. */
  connect(): Promise<ConnectedChain>;
}

/** A chain that has been reached, for one account. */
export interface ConnectedChain {
  readonly chainId: number;
  /** Address of the account. */
  readonly signer: string;
  readonly provider: Provider;
  readonly multicall: string | undefined;
  /** Watch its heads. */
  heads(on: (event: HeadEvent) => void): { start(): void; stop(): void };
  /**
   * The account's lane, to be taken in the name of an owner.
   *
   * @param coinPrice USD of one native coin, as a tick has seen it last; null before
   */
  lane(owner: string, coinPrice: () => number | null): Promise<Lane>;
  keeper(vault: FleetVault, lane: Lane): Promise<Keeper>;
}
