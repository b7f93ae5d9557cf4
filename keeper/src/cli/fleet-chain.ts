import type { AbstractSigner } from "ethers";
import { headAgeOf } from "../doctor/node-checks.js";
import type { ConnectedChain, FleetChain } from "../fleet/fleet-types.js";
import { createKeeper } from "../keeper.js";
import type { Logger } from "../logger.js";
import type { Monitor } from "../monitor/monitor.js";
import type { ChainTarget } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { HeadWatch } from "../rpc/head-watch.js";
import type { Store } from "../store/open-store.js";
import { checkIdentity, openLane } from "./acting.js";
import { connectTarget } from "./connect.js";

/** What all chains of a process have in common. */
export interface FleetSetting {
  readonly store: Store;
  readonly monitor: Monitor;
  readonly logger: Logger;
}

/** A configured chain as a part of a fleet. The provider of the latest connection is handed out, for whoever looks at the account. */
export function fleetChain(
  target: ChainTarget,
  signer: AbstractSigner,
  setting: FleetSetting,
  reached: (provider: ChainProvider, address: string) => void,
): FleetChain {
  const { store, monitor, logger } = setting;
  const connect = async (): Promise<ConnectedChain> => {
    const provider = await connectTarget(target, {
      logger,
      onPost: (event) => monitor.rpc({ chainId: target.chainId ?? 0, ...event }),
    });
    await checkIdentity(store, provider, target.vaults).catch((error: unknown) => {
      provider.destroy();
      throw error;
    });
    const { chainId } = provider;
    const address = await signer.getAddress();
    const { multicall, chain } = target;
    const maxHeadAge = headAgeOf(target, chainId);
    reached(provider, address);
    return {
      ...{ chainId, signer: address, provider, multicall },
      heads: (on) =>
        new HeadWatch({
          ...{ provider, on, intervalMs: chain.pollSeconds * 1000 },
          ...{ maxHeadAgeSeconds: maxHeadAge, maxSkewSeconds: maxHeadAge },
        }),
      lane: (owner, nativePriceUsd) => {
        const listener = monitor.account({ chainId, signer: address });
        return openLane(target, provider, signer, { journal: store.journal, owner, logger, listener, nativePriceUsd });
      },
      keeper: (vault, lane) => {
        const { keeper: config } = target.vaults.find((each) => each.address === vault.address)!;
        return createKeeper({
          ...{ vault: { vault: vault.address }, multicall, provider, config, journal: store.journal, lane, maxHeadAge },
          logger: logger.child({ chain: chainId, vault: vault.name }),
        });
      },
    };
  };
  return { name: `chain ${target.chainId ?? target.vaults[0]!.name}`, vaults: target.vaults, connect };
}
