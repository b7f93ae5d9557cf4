import { expect } from "chai";
import { LaneSeats } from "../../../keeper/src/fleet/lane-seats.js";
import { silentLogger } from "../../../keeper/src/logger.js";
import { Monitor } from "../../../keeper/src/monitor/monitor.js";
import type { LaneHold } from "../../../keeper/src/store/journal.js";

const ACCOUNT = { chainId: 1, signer: `0x${"a1".repeat(20)}` };

describe("fleet: what a monitor knows of lanes", () => {
  const seatsOf = (taken: LaneHold | null) => {
    const clock = { time: 0 };
    const now = (): number => clock.time;
    const monitor = new Monitor({ now, version: "1", modelHash: "0x", blockedMs: () => 0 });
    const journal = {
      ...{ takeLane: async () => taken, renewLane: async () => undefined, releaseLane: async () => undefined },
      ...{ beat: async () => undefined, living: async () => [], leave: async () => undefined },
    };
    const seats = new LaneSeats({ journal, replica: "one", leaseSeconds: 30, now, logger: silentLogger, monitor });
    seats.add({ ...ACCOUNT, taken: async () => undefined, left: async () => undefined, fit: () => true });
    return { clock, monitor, seats };
  };

  it("a process whose vaults have nothing to do for an hour lives: it looks after its lane", async () => {
    const { clock, monitor, seats } = seatsOf({ ...ACCOUNT, owner: "one", term: 3 });
    for (; clock.time < 3_600_000; clock.time += 10_000) await seats.round();
    expect(monitor.liveness().checks.find(({ name }) => name === "loop")).to.include({ fact: 10, ok: true });
    expect(monitor.snapshot().accounts[0]).to.include({ lane: "held" });
    expect(await monitor.exposition()).to.match(/lane_term\{.*\} 3/);
  });

  it("one that waits for another's lane is a standby, and lives", async () => {
    const { monitor, seats } = seatsOf(null);
    await seats.round();
    expect(monitor.liveness()).to.include({ ok: true, role: "standby" });
    expect(monitor.readiness().checks.find(({ name }) => name === "lane")).to.include({ fact: "standby", ok: true });
  });
});
