import { expect } from "chai";
import { LaneTurns } from "../../../keeper/src/fleet/lane-turns.js";
import { Vitals } from "../../../keeper/src/fleet/vitals.js";
import { WarmKeepers } from "../../../keeper/src/fleet/warm-keepers.js";

describe("fleet: whose turn it is to send", () => {
  it("is nobody's while a transaction is in flight, then first come, first served", () => {
    const turns = new LaneTurns();
    turns.sent("a");
    turns.wait("b");
    turns.wait("c");
    expect(turns.next()).to.equal(null);
    expect(turns.inFlight).to.deep.equal(["a"]);
    turns.done("a");
    expect(turns.next()).to.equal("b");
    turns.sent("b");
    turns.wait("a");
    turns.done("b");
    expect(turns.next()).to.equal("c");
  });
});

describe("fleet: keepers that are warm", () => {
  const make = (made: string[], name: string) => async () => {
    made.push(name);
    return name;
  };

  it("are made once, and again only after they were forgotten for others", async () => {
    const keepers = new WarmKeepers<string>(2);
    const made: string[] = [];
    for (const name of ["a", "b", "a", "c", "a", "b"]) await keepers.get(name, make(made, name));
    expect(made).to.deep.equal(["a", "b", "c", "b"]);
    expect(keepers.size).to.equal(2);
  });

  it("are made again where they could not be", async () => {
    const keepers = new WarmKeepers<string>(2);
    const failed = await keepers.get("a", () => Promise.reject(new Error("no node"))).catch((error: Error) => error);
    expect((failed as Error).message).to.equal("no node");
    expect(await keepers.get("a", async () => "a")).to.equal("a");
  });
});

describe("fleet: whether the process can go on", () => {
  it("not without its database for a while, and it can again once that is back", () => {
    const vitals = new Vitals(600);
    vitals.database(0, "ECONNREFUSED");
    vitals.database(300_000, "ECONNREFUSED");
    expect(vitals.verdict(600_000)).to.equal(null);
    expect(vitals.verdict(601_000)?.message).to.match(/database has been away for 10 minutes \(ECONNREFUSED\)/);
    vitals.database(601_000, null);
    expect(vitals.verdict(601_000)).to.equal(null);
  });

  it("as long as one of its chains gives heads", () => {
    const vitals = new Vitals(600);
    vitals.chain("one", 0, "unavailable");
    vitals.chain("two", 0, null);
    expect(vitals.verdict(1e9)).to.equal(null);
    expect([vitals.isAway("one", 31_000, 30_000), vitals.isAway("two", 31_000, 30_000)]).to.deep.equal([true, false]);
    vitals.chain("two", 1e9, "its head is frozen");
    expect(vitals.verdict(1e9 + 601_000)?.message).to.match(/No chain has given a new head/);
  });

  it("not while something does not end", () => {
    const vitals = new Vitals(600);
    const [first, second] = [vitals.begin("The tick of one", 1000), vitals.begin("The tick of two", 2000)];
    first();
    expect(vitals.verdict(2000)).to.equal(null);
    expect(vitals.verdict(2001)?.message).to.match(/^The tick of two has not ended/);
    second();
    expect(vitals.verdict(3000)).to.equal(null);
  });
});
