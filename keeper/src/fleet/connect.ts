import type { Signer } from "ethers";
import { createKeeper } from "../keeper.js";
import { createLane } from "../lane/create-lane.js";
import type { Logger } from "../logger.js";
import type { Monitor } from "../monitor/monitor.js";
import type { ChainTarget } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { HeadWatch } from "../rpc/head-watch.js";
import type { Route } from "../rpc/route.js";
import type { Journal } from "../store/journal.js";
import type { FleetChain } from "./fleet-types.js";

/** What a configured chain becomes a part of a fleet with. */
export interface FleetChainOptions {
  readonly target: ChainTarget;
  /** Connects, and checks that the chain and its vaults are those that the journal knows. */
  readonly connect: () => Promise<{ readonly provider: ChainProvider; readonly signer: Signer; readonly routes: Routes }>;
  readonly journal: Journal;
  readonly monitor: Monitor;
  readonly logger: Logger;
  readonly now: () => number;
}
