import { EventEmitter } from "node:events";
import { expect } from "chai";
import { network } from "hardhat";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import type { TickResult } from "../../../keeper/src/tick-result.js";
import { setFeed, type World } from "../../../scripts/devnet/world.js";
import { depositBasket } from "../../support/actions.js";
import { START, vaultIn, worldWithOracles } from "../../support/fixture.js";
import { usdc, wad } from "../../support/orders.js";
import { fleetOn, type RunningFleet } from "./stand-ins.js";
import { worldChain } from "./worlds.js";

const CHAINS = [
  { name: "one", network: "world", chainId: 31_337 },
  { name: "two", network: "second", chainId: 31_338 },
] as const;

/** A chain with one vault, in which Alice's deposit waits for its first plan. */
async function vaultOn({ name, network: of, chainId }: (typeof CHAINS)[number]) {
  const on = await network.create({ network: of, override: { chainId } });
  const { world, ...rest } = await worldWithOracles({ history: true, on: on as never });
  const parts = await vaultIn(world, rest.oracles);
  await depositBasket({ world, ...rest, ...parts }, world.signers.alice, usdc(140_000), wad(6_000));
  return { world, vaults: [{ name, address: parts.deployment.vault }] };
}

/** A provider of a node that can be taken away. */
function mortal(provider: World["ethers"]["provider"], dead: () => boolean): World["ethers"]["provider"] {
  return new Proxy(provider, {
    get: (of, key) => {
      const value = Reflect.get(of, key) as unknown;
      if (typeof value !== "function") return value;
      return (...parameters: unknown[]) =>
        dead()
          ? Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }))
          : value.apply(of, parameters);
    },
  });
}

describe("fleet: two chains in one process", () => {
  const seen: { vault: string; result: TickResult }[] = [];
  const ticks = new EventEmitter();
  let worlds: World[];
  let store: Store;
  let running: RunningFleet;
  let dead = false;

  /** Resolves when what was seen fulfils something. */
  async function until(fulfilled: () => boolean): Promise<void> {
    while (!fulfilled()) await new Promise((resolve) => ticks.once("tick", resolve));
  }
  const ticked = (since: number): Set<string> => new Set(seen.slice(since).map(({ vault }) => vault));

  before(async () => {
    store = await openStore({ kind: "memory" });
    const { journal } = store;
    const [one, two] = [await vaultOn(CHAINS[0]), await vaultOn(CHAINS[1])];
    worlds = [one.world, two.world];
    const chains = [
      worldChain({ ...one, journal, name: "one" }),
      worldChain({ ...two, journal, name: "two", provider: mortal(two.world.ethers.provider, () => dead) }),
    ];
    const onTick = (vault: string, result: TickResult): void => {
      seen.push({ vault, result });
      ticks.emit("tick");
    };
    running = await fleetOn(store, chains, { onTick, retrySeconds: 1, retryMaxSeconds: 1 });
    await running.fleet.start();
  });
  after(async () => {
    dead = false;
    await running.end();
    await store.close();
  });

  it("hedges the vault of each, with the same key and nonces of their own", async () => {
    const hedged = () => seen.filter(({ result }) => result.kind === "rebalance" && result.state === "landed");
    await until(() => new Set(hedged().map(({ vault }) => vault)).size === 2);
    for (const [k, { name, chainId }] of CHAINS.entries()) {
      const [plan, ...more] = hedged().filter(({ vault }) => vault === name);
      expect(more).to.deep.equal([]);
      expect(plan!.result.sent!.intent!.chain_id).to.equal(chainId);
      const receipt = await worlds[k]!.ethers.provider.getTransactionReceipt(plan!.result.sent!.attempt!.hash);
      expect(receipt!.status).to.equal(1);
    }
    await until(() => CHAINS.every(({ name }) => seen.findLast(({ vault }) => vault === name)?.result.more === false));
  });

  it("goes on with one while the other's node is away, and with that again when it is back", async () => {
    const before = seen.length;
    dead = true;
    await setFeed(worlds[0]!, "ETH", START.ETH * 1.001);
    running.fleet.wake();
    await running.said(/a tick failed.*"two"/);
    await until(() => ticked(before).has("one"));
    const news = BigInt(Math.round(START.ETH * 1.001 * 1e8));
    await until(() => seen.at(-1)!.result.observation.histories[2]?.at(-1)?.answer === news);
    expect([...ticked(before)]).to.deep.equal(["one"]);
    expect(running.fleet.vaults).to.equal(2);
    const back = seen.length;
    dead = false;
    await until(() => ticked(back).has("two"));
  });
});
