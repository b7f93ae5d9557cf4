import { setTimeout as sleep } from "node:timers/promises";
import { JsonRpcProvider, Wallet } from "ethers";
import type { KeeperConfigInput } from "../../../../keeper/src/config.js";
import { createKeeper, type Keeper } from "../../../../keeper/src/keeper.js";
import { createLane } from "../../../../keeper/src/lane/create-lane.js";
import type { Lane, StepHook } from "../../../../keeper/src/lane/lane.js";
import type { LaneConfigInput } from "../../../../keeper/src/lane/lane-config.js";
import type { ChainProvider } from "../../../../keeper/src/rpc/chain-provider.js";
import { connectChain } from "../../../../keeper/src/rpc/connect-chain.js";
import type { Route } from "../../../../keeper/src/rpc/route.js";
import { openStore, type Store, type StoreLocation } from "../../../../keeper/src/store/open-store.js";
import type { TickResult } from "../../../../keeper/src/tick-result.js";
import { MAKE_BLOCK } from "./rpc-proxy.js";

/** What a keeper is given, as plain data: it may live in another process. */
export interface LifeSettings {
  /** Its nodes, honest or not. */
  readonly urls: readonly string[];
  /** An honest node that also makes blocks. */
  readonly control: string;
  readonly storage: StoreLocation;
  readonly key: string;
  readonly vault: string;
  readonly multicall: string;
  readonly owner: string;
  /** Its clock at the start, unix ms; each look of its lane at the chain takes LOOK of it. */
  readonly clock: number;
  /** How far its clock is ahead of the chain's, milliseconds; negative where it is behind. */
  readonly ahead?: number;
  /** A block comes after so many looks; null: none comes while it watches. */
  readonly blockEvery: number | null;
  /** How long it waits for a node, milliseconds. */
  readonly timeoutMs?: number;
  readonly config?: KeeperConfigInput;
  readonly lane?: LaneConfigInput;
}

/** What a test may hold in its hands where the keeper lives in its own process. */
export interface LifeParts {
  readonly onStep?: StepHook;
  readonly route?: (provider: ChainProvider) => Route;
  /** Instead of one that is opened by its location; it stays open. */
  readonly store?: Store;
}

/** A keeper with everything that it owns. */
export interface Life {
  readonly keeper: Keeper;
  readonly lane: Lane;
  readonly store: Store;
  readonly provider: ChainProvider;
  readonly clock: { ms: number };
  /** So many blocks come, and the keeper's clock goes with the chain's. */
  blocks(count: number): Promise<void>;
  /** Ticks with a few blocks in between, so that what has landed becomes final. */
  ticks(count: number, signal?: AbortSignal): Promise<TickResult[]>;
  /** Resolves once no node is left alone any more. */
  rested(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds between two looks. */
export const LOOK = 20_000;
/** Blocks after which the tests' keepers take a block for final. */
export const FINALITY = 4;
/** How long a node is left alone after several faults, milliseconds. */
const REST = 100;
const GAS_LIMIT = 15_000_000;

/** Bring a keeper to life. */
export async function live(settings: LifeSettings, parts: LifeParts = {}): Promise<Life> {
  const clock = { ms: settings.clock };
  const now = () => clock.ms + (settings.ahead ?? 0);
  const control = new JsonRpcProvider(settings.control, undefined, { staticNetwork: true, cacheTimeout: -1 });
  const block = async (): Promise<void> => {
    const time = (await control.send(MAKE_BLOCK, [Math.floor(clock.ms / 1000)])) as number;
    clock.ms = Math.max(clock.ms, time * 1000);
  };
  const blocks = async (count: number): Promise<void> => {
    for (let made = 0; made < count; made += 1) await block();
  };
  let looks = 0;
  const wait = async (): Promise<void> => {
    clock.ms += LOOK;
    looks += 1;
    if (settings.blockEvery !== null && looks % settings.blockEvery === 0) await block();
  };

  const store = parts.store ?? (await openStore(settings.storage, { now }));
  const chainId = Number(await control.send("eth_chainId", []));
  const provider = await connectChain(settings.urls, {
    ...{ chainId, timeoutMs: settings.timeoutMs ?? 30_000, lagMs: 30, maxAheadSeconds: null, now },
    breaker: { failures: 3, restMs: REST },
  });
  const { onStep } = parts;
  const route = parts.route?.(provider);
  const lane = await createLane({
    ...{ provider, chainId, journal: store.journal, owner: settings.owner, now, wait },
    wallet: new Wallet(settings.key),
    config: { finality: FINALITY, watchSeconds: 300, bumpAfterSeconds: 45, ...settings.lane },
    ...(route && { route }),
    ...(onStep && { onStep }),
  });
  const keeper = await createKeeper({
    ...{ provider, lane, journal: store.journal, now, multicall: settings.multicall },
    vault: { vault: settings.vault },
    config: { ...settings.config, execution: { gasLimit: GAS_LIMIT, ...settings.config?.execution } },
    ...(onStep && { onStep }),
  });
  return {
    ...{ keeper, lane, store, provider, clock, blocks },
    async ticks(count, signal) {
      const results: TickResult[] = [];
      for (let tick = 0; tick < count && signal?.aborted !== true; tick += 1) {
        results.push(await keeper.tick(signal === undefined ? {} : { signal }));
        await blocks(2);
      }
      return results;
    },
    async rested() {
      const asked = (state: string) => state === "healthy" || state === "unverified" || state === "excluded";
      for (; !provider.endpoints.every(({ state }) => asked(state)); clock.ms += 1_000) await sleep(REST / 10);
    },
    async close() {
      provider.destroy();
      control.destroy();
      if (parts.store === undefined) await store.close();
    },
  };
}
