import { EventEmitter } from "node:events";
import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { runFleet } from "../../../keeper/src/fleet/run-fleet.js";
import { silentLogger } from "../../../keeper/src/logger.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { openQueue } from "../../../keeper/src/store/queue.js";
import { checkTarget } from "../../../keeper/src/store/targets.js";
import { fleetOn, type RunningFleet, StandInChain } from "./stand-ins.js";

describe("fleet: what an operator may get wrong", () => {
  let store: Store;
  let running: RunningFleet | undefined;
  before(async function () {
    this.timeout(60_000);
    store = await openStore({ kind: "memory" });
  });
  afterEach(async () => {
    await running?.end();
    running = undefined;
  });
  after(() => store.close());

  it("a name that stands for another vault than before ends the process with 1: another start would not help", async () => {
    const identity = { chainId: 1, vault: "0xa1", genesis: "0x01" };
    await checkTarget(store.session, "main", identity);
    const chain = new StandInChain(["0xa2"], async () => ({}));
    chain.connect = async () => {
      await checkTarget(store.session, "main", { ...identity, vault: "0xa2" });
      throw new Error("it was not refused");
    };
    running = await fleetOn(store, [chain]);
    const signals = Object.assign(new EventEmitter(), { exit: () => undefined });
    expect(await runFleet(running.fleet, running.logger, signals)).to.equal(1);
    expect(await running.said(/cannot go on/)).to.include('\\"main\\" is vault 0xa1 in this storage');
  });

  it("a job of a vault that this replica does not know, of one with another configuration, is left out", async () => {
    const chain = new StandInChain(["0xa1"], async () => ({}));
    const first = chain.ticks(1);
    running = await fleetOn(store, [chain]);
    await running.fleet.start();
    await first;
    const boss = await openQueue(store, silentLogger);
    await boss.insert(`ticks-1-${ZeroAddress}`, [{ singletonKey: "0xff", data: { vault: "0xff" } }]);
    const [one, two] = [chain.ticks(1), chain.ticks(2)];
    running.fleet.wake();
    await one;
    running.fleet.wake();
    expect(await two).to.deep.equal(["0xa1", "0xa1"]);
    expect(await boss.findJobs(`ticks-1-${ZeroAddress}`, { key: "0xff" })).to.satisfy((jobs: { state: string }[]) =>
      jobs.every(({ state }) => state === "completed"),
    );
    await boss.stop({ graceful: false });
  });
});
