import { createKeeper, createLane } from "@crosshedge/keeper";
import type { FleetChain, FleetVault } from "../../../keeper/src/fleet/fleet-types.js";
import type { StepHook } from "../../../keeper/src/lane/lane.js";
import { HeadWatch } from "../../../keeper/src/rpc/head-watch.js";
import type { Journal } from "../../../keeper/src/store/journal.js";
import { walletOf } from "../../../scripts/devnet/keeper-parts.js";
import type { World } from "../../../scripts/devnet/world.js";

/** Vaults of a world as a fleet sees them. */
export interface WorldChainOptions {
  readonly world: World;
  readonly journal: Journal;
  readonly vaults: readonly { readonly name: string; readonly address: string }[];
  readonly onStep?: StepHook;
  /** For people. */
  readonly name?: string;
  /** The chain's own where it is left out. */
  readonly provider?: World["ethers"]["provider"];
}

const GAS_LIMIT = 15_000_000;

/** The part of a fleet that keeps vaults of an in-process chain; its head is polled. */
export function worldChain({
  world,
  journal,
  vaults,
  onStep,
  name = "world",
  ...options
}: WorldChainOptions): FleetChain {
  const { provider = world.ethers.provider } = options;
  const hook = onStep === undefined ? {} : { onStep };
  return {
    name,
    vaults: vaults.map((vault): FleetVault => ({ ...vault, intervalSeconds: 3600 })),
    connect: async () => {
      const chainId = Number((await provider.getNetwork()).chainId);
      const wallet = walletOf(world, "keeper");
      const multicall = await world.multicall.getAddress();
      return {
        ...{ chainId, signer: wallet.address, provider, multicall },
        heads: (on) => new HeadWatch({ provider, intervalMs: 20, maxHeadAgeSeconds: null, on }),
        lane: (owner) =>
          createLane({
            provider,
            wallet,
            chainId,
            journal,
            owner,
            config: { finality: 0, pollMilliseconds: 10 },
            ...hook,
          }),
        keeper: ({ address }, lane) => {
          const config = { execution: { gasLimit: GAS_LIMIT } };
          return createKeeper({
            provider,
            vault: { vault: address },
            multicall,
            journal,
            lane,
            config,
            ...hook,
          });
        },
      };
    },
  };
}
