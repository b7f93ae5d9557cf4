import { expect } from "chai";
import { LaneSeats } from "../../../keeper/src/fleet/lane-seats.js";
import { silentLogger } from "../../../keeper/src/logger.js";
import { Monitor } from "../../../keeper/src/monitor/monitor.js";
import type { LaneHold } from "../../../keeper/src/store/journal.js";

const ACCOUNT = { chainId: 1, signer: `0x${"a1".repeat(20)}` };

describe("fleet: leases while lanes are left", () => {
  it("renews the others in time although two accounts end what is under way for twenty seconds each", async () => {
    const clock = { time: 0 };
    const now = (): number => clock.time;
    const monitor = new Monitor({ now, version: "1", modelHash: "0x", blockedMs: () => 0 });
    const renewed: string[] = [];
    const released: string[] = [];
    const journal = {
      takeLane: async (chainId: number, signer: string) => ({ chainId, signer, owner: "one", term: 1 }),
      renewLane: async ({ signer }: LaneHold) => void renewed.push(`${signer} ${clock.time}`),
      releaseLane: async ({ signer }: LaneHold) => void released.push(signer),
      ...{ beat: async () => undefined, living: async () => [], leave: async () => undefined },
    };
    const seats = new LaneSeats({ journal, replica: "one", leaseSeconds: 30, now, logger: silentLogger, monitor });
    let away = false;
    const ends: (() => void)[] = [];
    for (const signer of ["a", "b", "c"]) {
      seats.add({
        ...{ chainId: 1, signer, taken: async () => undefined },
        left: () => new Promise((resolve) => ends.push(resolve)),
        fit: () => signer === "c" || !away,
      });
    }
    await seats.round();
    await seats.round();
    expect(seats.held).to.equal(3);
    away = true;
    clock.time = 10_000;
    await seats.round();
    expect([seats.held, ends.length, released]).to.deep.equal([1, 2, []]);
    clock.time = 20_000;
    await seats.round();
    expect(renewed).to.include.members(["c 10000", "c 20000"]);
    for (const end of ends) end();
    const leaving = seats.leave();
    ends.at(-1)!();
    await leaving;
    expect(released).to.have.members(["a", "b", "c"]);
    expect(ends).to.have.length(3);
  });
});

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
