import { createKeeper, createLane, type Keeper, type Lane, openStore } from "@crosshedge/keeper";
import type { VaultState } from "@crosshedge/sdk";
import type { Step } from "../../../keeper/src/lane/lane.js";
import type { ChainProvider } from "../../../keeper/src/rpc/chain-provider.js";
import { connectChain } from "../../../keeper/src/rpc/connect-chain.js";
import type { Head } from "../../../keeper/src/rpc/head.js";
import type { Store } from "../../../keeper/src/store/open-store.js";
import { walletOf } from "../../../scripts/devnet/keeper-parts.js";
import { serve } from "../../../scripts/devnet/serve.js";
import { depositBasket } from "../../support/actions.js";
import { connect } from "../../support/connect.js";
import { vaultIn, worldWithOracles } from "../../support/fixture.js";
import { usdc, wad } from "../../support/orders.js";

/** One request body that was answered, in milliseconds of the process's clock. */
export interface Post {
  readonly endpoint: number;
  readonly methods: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface ServedKeeper {
  readonly store: Store;
  readonly provider: ChainProvider;
  readonly keeper: Keeper;
  readonly lane: Lane;
  readonly signer: string;
  readonly multicall: string;
  readonly vault: string;
  /** Everything that was posted so far. */
  readonly posts: readonly Post[];
  /** When the steps of the last tick that sent something were reached, up to the broadcast. */
  readonly steps: ReadonlyMap<Step, number>;
  /** More in the vault than is hedged: the next tick has a plan to send. In one deposit, if it is small against what is there. */
  deposit(usd: number): Promise<void>;
  /** Prices of the vault's assets at a block. */
  prices(at: Head): Promise<VaultState["prices"]>;
  /** A new round of the feed of ETH. */
  round(price: number): Promise<void>;
  close(): Promise<void>;
}

/** A keeper of a real vault, over HTTP to a chain that this process serves, under two names as if it were two nodes. */
export async function keeperOnServedChain(): Promise<ServedKeeper> {
  const served = await serve(0);
  const { world, oracles } = await worldWithOracles({ history: true, on: served.connection as never });
  const parts = await vaultIn(world, oracles);
  const { setFeed } = await import("../../../scripts/devnet/world.js");
  const posts: Post[] = [];
  const steps = new Map<Step, number>();
  const provider = await connectChain([served.url, served.url.replace("127.0.0.1", "localhost")], {
    maxAheadSeconds: null,
    onPost: ({ endpoint, methods, milliseconds }) => {
      const end = performance.now();
      posts.push({ endpoint, methods, start: end - milliseconds, end });
    },
  });
  const store = await openStore({ kind: "memory" });
  const { journal } = store;
  const wallet = walletOf(world, "keeper");
  const multicall = await world.multicall.getAddress();
  const reached = new Map<Step, number>();
  const onStep = (step: Step): void => {
    reached.set(step, performance.now());
    if (step !== "sent") return;
    for (const [each, time] of reached) steps.set(each, time);
  };
  const config = { finality: 0, pollMilliseconds: 20 };
  const { chainId } = provider;
  const lane = await createLane({ provider, wallet, chainId, journal, owner: "bench", config, onStep });
  const { vault } = parts.deployment;
  const keeper = await createKeeper({
    ...{ provider, vault: { vault }, multicall, journal, lane, onStep },
    config: { execution: { gasLimit: 15_000_000 } },
  });
  return {
    ...{ store, provider, keeper, lane, signer: wallet.address, multicall, vault, posts, steps },
    deposit: async (usd) => {
      const half = Math.round(usd / 2);
      await depositBasket({ world, ...parts } as never, world.signers.alice, usdc(half), wad(half / 20));
    },
    prices: async (at) =>
      (await (await connect({ world, ...parts }, { provider })).readState({ blockTag: at.number })).prices,
    round: (price) => setFeed(world, "ETH", price),
    close: async () => {
      provider.destroy();
      await store.close();
      await served.close();
    },
  };
}

/** Milliseconds between two times in which at least one answer was waited for. */
export function waited(posts: readonly Post[], from: number, to: number): number {
  const spans = posts
    .map(({ start, end }) => [Math.max(start, from), Math.min(end, to)] as const)
    .filter(([start, end]) => end > start)
    .sort(([a], [b]) => a - b);
  let [sum, until] = [0, from];
  for (const [start, end] of spans) {
    sum += Math.max(0, end - Math.max(start, until));
    until = Math.max(until, end);
  }
  return sum;
}
