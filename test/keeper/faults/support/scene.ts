import { openStore, type Store } from "../../../../keeper/src/store/open-store.js";
import type { Role } from "../../../../scripts/devnet/signers.js";
import { type FaultyChain, faultyChain, keyOf } from "./chain.js";
import { judge, type Start, startOf } from "./judge.js";
import { type Life, type LifeParts, type LifeSettings, live } from "./life.js";
import type { RpcProxy } from "./rpc-proxy.js";

/** A vault with a plan due, two nodes in front of its chain, and keepers that come and go. */
export interface Scene {
  readonly chain: FaultyChain;
  /** The keepers' nodes. */
  readonly nodes: readonly RpcProxy[];
  readonly start: Start;
  /** The journal of keepers that are not given another; in memory. */
  readonly store: Store;
  settings(changes?: Partial<LifeSettings>, role?: Role): Promise<LifeSettings>;
  /** A keeper of this process. */
  keeper(changes?: Partial<LifeSettings>, parts?: LifeParts, role?: Role): Promise<Life>;
  /** Both nodes follow a rule. */
  everywhere(rule: Parameters<RpcProxy["rule"]>[0]): () => void;
  /** No intent is lost, none landed twice. */
  judge(what?: { store?: Store; roles?: readonly Role[]; foreign?: readonly string[] }): Promise<void>;
  /** Work of the test's own with a block for each transaction. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  end(): Promise<void>;
}

/** Put the chain back to its first state. Blocks come only when they are made. */
export async function openScene(seed: number): Promise<Scene> {
  const chain = await faultyChain();
  const nodes = [await chain.endpoint(seed), await chain.endpoint(seed + 1)];
  const control = await chain.endpoint(seed);
  const lives: Life[] = [];
  const begun = await chain.clock();
  const store = await openStore({ kind: "memory" }, { now: () => lives.at(-1)?.clock.ms ?? begun });
  const start = await startOf(chain);
  let owners = 0;
  await chain.automine(false);

  const settings: Scene["settings"] = async (changes = {}, role = "keeper") => ({
    urls: nodes.map(({ url }) => url),
    control: control.url,
    storage: { kind: "memory" },
    key: keyOf(role),
    vault: chain.fixture.deployment.vault,
    multicall: chain.multicall,
    owner: `test-${++owners}`,
    clock: await chain.clock(),
    blockEvery: 2,
    ...changes,
  });
  return {
    ...{ chain, nodes, start, store, settings },
    async keeper(changes, parts = {}, role) {
      const full = await settings(changes, role);
      const life = await live(full, full.storage.kind === "memory" ? { store, ...parts } : parts);
      lives.push(life);
      return life;
    },
    everywhere(rule) {
      const removals = nodes.map((node) => node.rule(rule));
      return () => {
        for (const remove of removals) remove();
      };
    },
    judge({ store: own = store, roles = ["keeper"] as readonly Role[], foreign = [] } = {}) {
      const accounts = roles.map((role) => chain.fixture.world.signers[role].address);
      return judge(chain, start, { store: own, accounts, foreign });
    },
    async aside(work) {
      await chain.automine(true);
      return work().finally(() => chain.automine(false));
    },
    async end() {
      for (const life of lives) await life.close().catch(() => undefined);
      await store.close();
      await chain.close();
    },
  };
}
