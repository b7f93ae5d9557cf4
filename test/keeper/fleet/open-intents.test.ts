import { expect } from "chai";
import type { Monitor } from "../../../keeper/src/monitor/monitor.js";
import { openStore, type Store } from "../../../keeper/src/store/open-store.js";
import { fleetOn, type RunningFleet, StandInChain, unwatched } from "./stand-ins.js";

describe("fleet: what a monitor knows of intents", () => {
  let store: Store;
  let running: RunningFleet | undefined;
  before(async function () {
    this.timeout(60_000);
    store = await openStore({ kind: "memory" });
  });
  afterEach(() => running?.end());
  after(() => store.close());

  it("is that one has landed, although the tick that found it so had nothing to do", async () => {
    const states = ["inFlight", "idle"] as const;
    let status = "open";
    let openSince: number | null = null;
    let landed: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      landed = resolve;
    });
    const journal = new Proxy(store.journal, {
      get: (target, name) => (name === "intents" ? async () => [{ status }] : Reflect.get(target, name)),
    });
    const intents = (found: readonly { status: string }[]): void => {
      openSince = found.some((one) => one.status === "open") ? 1 : null;
      if (openSince === null) landed();
    };
    const vault = new Proxy(
      {},
      {
        get: (_, name) => (name === "intents" ? intents : name === "health" ? { openSince } : () => undefined),
      },
    );
    const monitor = new Proxy({}, { get: (_, name) => () => (name === "vault" ? vault : unwatched) }) as Monitor;
    let ticks = 0;
    const chain = new StandInChain(["0xa1"], async () => {
      const state = states[Math.min(ticks++, 1)]!;
      if (state === "idle") status = "landed";
      return { state };
    });
    running = await fleetOn(store, [chain], { journal, monitor, waitSeconds: 0.01 });
    await running.fleet.start();
    await closed;
    expect([ticks, openSince]).to.deep.equal([2, null]);
  });
});
