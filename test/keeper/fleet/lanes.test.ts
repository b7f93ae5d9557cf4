import { EventEmitter, once } from "node:events";
import { expect } from "chai";
import { runFleet } from "../../../keeper/src/fleet/run-fleet.js";
import type { Journal } from "../../../keeper/src/store/journal.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { StorageError } from "../../../keeper/src/store/storage-error.js";
import { sharedPostgres } from "../../support/postgres.js";
import { fleetOn, type RunningFleet, StandInChain } from "./stand-ins.js";

const VAULTS = ["0xa1", "0xa2"];

function signalling(): EventEmitter & { exits: number[]; exit(code: number): void } {
  const exits: number[] = [];
  return Object.assign(new EventEmitter(), { exits, exit: (code: number) => void exits.push(code) });
}

/** A journal whose database can be taken away. */
function cuttable(journal: Journal, broken: () => boolean): Journal {
  return new Proxy(journal, {
    get: (of, name) => {
      return broken() ? () => Promise.reject(new StorageError(new Error("cut off"))) : Reflect.get(of, name);
    },
  });
}

describe("fleet: lanes of replicas on one Postgres", () => {
  let url: string;
  const stores: Store[] = [];
  const running: RunningFleet[] = [];
  const replica = async (chains: StandInChain[], options: Parameters<typeof fleetOn>[2]): Promise<RunningFleet> => {
    const store = await openStore({ kind: "postgres", url });
    stores.push(store);
    running.push(await fleetOn(store, chains, options));
    return running.at(-1)!;
  };

  beforeEach(async () => {
    url = await (await sharedPostgres()).createDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map(({ end }) => end()));
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  it("the second stands by, and takes over when the first cannot renew its lease; the first stops by itself", async () => {
    let broken = false;
    const store = await openStore({ kind: "postgres", url });
    stores.push(store);
    const cut = cuttable(store.journal, () => broken);
    const told: AbortSignal[] = [];
    const first = await fleetOn(
      store,
      [
        new StandInChain(
          VAULTS,
          (_, { signal }) =>
            new Promise((resolve) => {
              told.push(signal);
              signal.addEventListener("abort", () => resolve({}));
            }),
        ),
      ],
      { replica: "first", journal: cut, leaseSeconds: 2, stopSeconds: 0.4 },
    );
    running.push(first);
    await first.fleet.start();
    const chain = new StandInChain(VAULTS, async () => ({}));
    const second = await replica([chain], { replica: "second", leaseSeconds: 2 });
    await second.fleet.start();
    expect([first.fleet.vaults, second.fleet.vaults]).to.deep.equal([2, 0]);

    const all = chain.ticks(VAULTS.length);
    broken = true;
    expect((await all).sort()).to.deep.equal(VAULTS);
    await first.said(/lane left.*could not be renewed/);
    expect(first.fleet.vaults).to.equal(0);
    // The ticks under way have their grace first.
    await Promise.all(told.map((signal) => signal.aborted || once(signal, "abort")));
    broken = false;
  });

  it("are shared out among those that live, and all go to the one that is left", async () => {
    const chains = () => [1, 2, 3, 4].map((chainId) => new StandInChain(VAULTS, async () => ({}), { chainId }));
    const first = await replica(chains(), { replica: "first", leaseSeconds: 2 });
    await first.fleet.start();
    expect(first.fleet.vaults).to.equal(8);
    const second = await replica(chains(), { replica: "second", leaseSeconds: 2 });
    await second.fleet.start();
    const held = (): string => `${first.fleet.vaults} ${second.fleet.vaults}`;
    while (held() !== "4 4") await second.next();
    await first.fleet.stop();
    while (held() !== "0 8") await second.next();
  });

  it("at SIGTERM in mid-tick no tick begins, the one under way is told to end, and the lane is free at once", async () => {
    let ended = 0;
    const chain = new StandInChain(
      VAULTS,
      (_, { signal }) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            ended += 1;
            resolve({});
          });
        }),
    );
    const begun = chain.ticks(1);
    const first = await replica([chain], { replica: "first", concurrency: 1, stopSeconds: 0.4 });
    const signals = signalling();
    const code = runFleet(first.fleet, first.logger, signals);
    await begun;
    let later = 0;
    chain.on("tick", () => {
      later += 1;
    });
    signals.emit("SIGTERM");
    expect(await code).to.equal(0);
    expect([ended, later, signals.exits.length]).to.deep.equal([1, 0, 0]);
    expect(await stores[0]!.journal.takeLane(1, chain.signer, "another", 1000)).to.include({
      owner: "another",
      term: 2,
    });
  });

  it("a second SIGTERM ends the process at once, and SIGHUP ticks everything now", async () => {
    const chain = new StandInChain(VAULTS, async (_, { signal }) => {
      await new Promise((resolve) => setTimeout(resolve, signal.aborted ? 0 : 1));
      return {};
    });
    const first = await replica([chain], { replica: "first" });
    const signals = signalling();
    const all = chain.ticks(VAULTS.length);
    const code = runFleet(first.fleet, first.logger, signals);
    await all;
    await first.said(/the fleet is running/);
    const again = chain.ticks(VAULTS.length);
    signals.emit("SIGHUP");
    expect((await again).sort()).to.deep.equal(VAULTS);
    signals.emit("SIGINT");
    signals.emit("SIGTERM");
    expect(signals.exits).to.deep.equal([75]);
    expect(await code).to.equal(0);
  });

  it("without its database for too long it ends with 75, so that it is started again", async () => {
    let [broken, now] = [false, 1e12];
    const store = await openStore({ kind: "postgres", url });
    stores.push(store);
    const cut = cuttable(store.journal, () => broken);
    const chain = new StandInChain(VAULTS, async () => ({}));
    const first = await fleetOn(store, [chain], { journal: cut, now: () => now, goneSeconds: 60, leaseSeconds: 0.3 });
    running.push(first);
    const code = runFleet(first.fleet, first.logger, signalling());
    await first.said(/the fleet is running/);
    broken = true;
    await first.said(/lanes cannot be reviewed/);
    now += 61_000;
    expect(await code).to.equal(75);
    expect(await first.said(/cannot go on/)).to.match(/The database has been away for 1 minutes/);
    broken = false;
  });

  it("with its only chain's head frozen for too long it ends with 75", async () => {
    let now = 1e12;
    const chain = new StandInChain(VAULTS, async () => ({}));
    const first = await replica([chain], { now: () => now, goneSeconds: 60 });
    const code = runFleet(first.fleet, first.logger, signalling());
    await first.said(/the fleet is running/);
    chain.tell({ kind: "frozen", head: null, ageSeconds: 120 });
    now += 61_000;
    expect(await code).to.equal(75);
    expect(await first.said(/cannot go on/)).to.match(/its head is 120 s old/);
  });
});
