import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { fleetOn, type RunningFleet, StandInChain } from "./stand-ins.js";

describe("fleet: news that come while a tick ends", () => {
  let store: Store;
  let running: RunningFleet | undefined;
  before(async function () {
    this.timeout(60_000);
    store = await openStore({ kind: "memory" });
  });
  afterEach(() => running?.end());
  after(() => store.close());

  it("are not lost where the queue does not know yet that it has ended", async function () {
    // A vault whose news are lost is not ticked again for an hour.
    this.timeout(30_000);
    let go: () => void = () => undefined;
    let asked: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    // What the monitor is told after the tick takes its time.
    const journal = new Proxy(store.journal, {
      get: (target, name) =>
        name !== "intents"
          ? Reflect.get(target, name)
          : async (...args: Parameters<typeof target.intents>) => {
              if (args[0].vault === "0xa1") {
                asked();
                await gate;
              }
              return target.intents(...args);
            },
    });
    let ticks = 0;
    const chain = new StandInChain(["0xa1", "0xa2"], async (vault) => {
      if (vault === "0xa1" && ticks === 1) running!.fleet.wake();
      return vault === "0xa1" ? { state: "refused" } : {};
    });
    const again = new Promise<void>((resolve) => {
      chain.on("tick", (name: string) => {
        if (name === "0xa1" && ++ticks === 2) resolve();
      });
    });
    running = await fleetOn(store, [chain], { journal });
    await running.fleet.start();
    await waits;
    // The other vault's tick turns the loop meanwhile.
    running.fleet.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    go();
    await again;
  });
});
