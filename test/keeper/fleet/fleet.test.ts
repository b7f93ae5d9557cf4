import { expect } from "chai";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { sharedPostgres } from "../../support/postgres.js";
import { fleetOn, StandInChain } from "./stand-ins.js";

const vaults = Array.from({ length: 12 }, (_, k) => `0x${k.toString(16).padStart(40, "0")}`);

const stores: Record<string, () => Promise<Store>> = {
  PGlite: () => openStore({ kind: "memory" }),
  Postgres: async () => openStore({ kind: "postgres", url: await (await sharedPostgres()).createDatabase() }),
};

for (const [name, open] of Object.entries(stores)) {
  describe(`fleet: ticks of many vaults, on ${name}`, () => {
    let store: Store;
    let end: (() => Promise<void>) | undefined;
    before(async () => {
      store = await open();
    });
    afterEach(async () => {
      await end?.();
      end = undefined;
    });
    after(() => store.close());

    it("ticks every vault at the start, no more at a time than it may", async () => {
      let [now, most] = [0, 0];
      const chain = new StandInChain(vaults, async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return {};
      });
      const all = chain.ticks(vaults.length);
      const running = await fleetOn(store, [chain], { concurrency: 3 });
      end = running.end;
      await running.fleet.start();
      expect((await all).sort()).to.deep.equal(vaults);
      expect(most).to.be.within(2, 3);
    });

    it("goes on with the others while one hangs, is rid of it by its time, and does not tick it twice at once", async () => {
      const [hanging, ...others] = vaults as [string, ...string[]];
      const hung: AbortSignal[] = [];
      const chain = new StandInChain(vaults, async (vault, { signal }) => {
        if (vault !== hanging) return { more: true };
        hung.push(signal);
        await new Promise<never>(() => undefined);
        return {};
      });
      const running = await fleetOn(store, [chain], {
        concurrency: 2,
        tickTimeoutSeconds: 0.1,
        stopSeconds: 0.1,
        retrySeconds: 1,
      });
      end = running.end;
      const all = chain.ticks(6 * vaults.length);
      await running.fleet.start();
      const ticked = await all;
      for (const vault of others) expect(ticked.filter((one) => one === vault).length).to.be.at.least(4);
      expect(hung.length).to.equal(1);
      // Given up, it fails its next try too, as it is still under way.
      expect(await running.said(/did not end when told to/)).to.include(hanging);
      expect(await running.said(/still under way/)).to.include(hanging);
      expect(hung.map(({ aborted }) => aborted)).to.deep.equal([true]);
    });

    it("serves a vault that always wants more no more often than the others", async () => {
      const counts = new Map<string, number>();
      const chain = new StandInChain(vaults, async (vault) => {
        counts.set(vault, (counts.get(vault) ?? 0) + 1);
        return { more: true };
      });
      const enough = chain.ticks(20 * vaults.length);
      const running = await fleetOn(store, [chain], { concurrency: 2 });
      end = running.end;
      await running.fleet.start();
      await enough;
      const served = [...counts.values()];
      expect(served.length).to.equal(vaults.length);
      expect(Math.max(...served) / Math.min(...served)).to.be.below(1.5);
    });

    it("tries one that fails again after a pause, and leaves the others alone", async () => {
      const [failing] = vaults as [string];
      const at: number[] = [];
      const chain = new StandInChain(vaults, async (vault) => {
        if (vault !== failing) return {};
        at.push(Date.now());
        if (at.length < 3) throw new Error("the node says no");
        return {};
      });
      const running = await fleetOn(store, [chain], { retrySeconds: 1, retryMaxSeconds: 2 });
      end = running.end;
      const all = chain.ticks(vaults.length + 2);
      await running.fleet.start();
      const ticked = await all;
      const pauses = at.slice(1).map((time, k) => time - at[k]!);
      expect(pauses.length).to.equal(2);
      for (const pause of pauses) expect(pause).to.be.at.least(900);
      expect(ticked.filter((vault) => vault !== failing).length).to.equal(vaults.length - 1);
    });
  });
}
