import { expect } from "chai";
import fc from "fast-check";
import { livenessOf, readinessOf } from "../../../keeper/src/monitor/health.js";
import type { HealthSnapshot } from "../../../keeper/src/monitor/health-snapshot.js";
import { BOUNDS, FACTS, HEALTHY, NOW, withFacts, withVault } from "./healthy.js";

const TIME = NOW / 1000;
const failing = (verdict: typeof livenessOf, snapshot: HealthSnapshot): string[] =>
  verdict(snapshot, BOUNDS)
    .checks.filter(({ ok }) => !ok)
    .map(({ name }) => name);
const account = HEALTHY.accounts[0]!;
const chain = HEALTHY.chains[0]!;

describe("liveness", () => {
  it("is good while the loop turns and each vault is attempted", () => {
    expect(livenessOf(HEALTHY, BOUNDS)).to.include({ ok: true, role: "active" });
  });

  const dead: [string, HealthSnapshot, string][] = [
    ["the loop stands still", { ...HEALTHY, loopAt: NOW - 121_000 }, "loop"],
    ["the loop never turned", { ...HEALTHY, loopAt: null }, "loop"],
    ["the event loop was blocked", { ...HEALTHY, blockedMs: 31_000 }, "eventLoop"],
    ["a vault is not attempted", withVault({ attemptAt: NOW - 7_501_000 }), "attempt"],
    ["a vault was never attempted", withVault({ attemptAt: null, since: NOW - 7_501_000 }), "attempt"],
  ];
  for (const [what, snapshot, name] of dead) {
    it(`is bad where ${what}`, () => {
      expect(failing(livenessOf, snapshot)).to.deep.equal([name]);
      expect(livenessOf(snapshot, BOUNDS).ok).to.equal(false);
    });
  }

  it("does not mind what a restart would not mend", () => {
    const poor = { ...HEALTHY, databaseAt: null, accounts: [{ ...account, runwayDays: 0 }], chains: [] };
    expect(livenessOf(poor, BOUNDS).ok).to.equal(true);
  });
});

describe("readiness", () => {
  it("is good where every fact is within its bound, and tells each", () => {
    const { ok, checks } = readinessOf(HEALTHY, BOUNDS);
    expect(ok).to.equal(true);
    expect(checks.map(({ name }) => name)).to.deep.equal([
      "database",
      "head",
      "headTime",
      "lane",
      "gasRunway",
      "tick",
      "oracle",
      "feed",
    ]);
    expect(checks.find(({ name }) => name === "oracle")).to.deep.include({
      ...{ of: "alt on 1", fact: 1_000, bound: 86_400, unit: "seconds" },
    });
  });

  const unready: [string, HealthSnapshot, string][] = [
    ["nothing was ever written", { ...HEALTHY, databaseAt: null }, "database"],
    ["the last write is old", { ...HEALTHY, databaseAt: NOW - 121_000 }, "database"],
    ["the head is frozen", { ...HEALTHY, chains: [{ ...chain, advancedAt: NOW - 181_000 }] }, "head"],
    ["the head moves and is far behind", { ...HEALTHY, chains: [{ ...chain, timestamp: TIME - 601 }] }, "headTime"],
    ["no head was seen", { ...HEALTHY, chains: [{ ...chain, advancedAt: null }] }, "head"],
    ["the lane is nobody's", { ...HEALTHY, accounts: [{ ...account, lane: "free" }] }, "lane"],
    ["the lane was never asked for", { ...HEALTHY, accounts: [{ ...account, lane: null }] }, "lane"],
    ["gas does not last", { ...HEALTHY, accounts: [{ ...account, runwayDays: 6.9 }] }, "gasRunway"],
    ["gas was not looked at", { ...HEALTHY, accounts: [{ ...account, runwayDays: null }] }, "gasRunway"],
    ["no tick has ended of late", withVault({ endedAt: NOW - 7_501_000 }), "tick"],
    ["no tick has ever ended", withVault({ endedAt: null }), "tick"],
    ["nothing was observed yet", withVault({ facts: null }), "oracle"],
    ["the covariance oracle is stale", withFacts({ oracleAt: TIME - 86_500 }), "oracle"],
    ["a feed is late", withFacts({ feeds: [{ asset: "ETH", updatedAt: TIME - 4_600, heartbeat: 3_600 }] }), "feed"],
    ["a feed was never read", withFacts({ feeds: [{ asset: "ETH", updatedAt: null, heartbeat: 3_600 }] }), "feed"],
  ];
  for (const [what, snapshot, name] of unready) {
    it(`is bad where ${what}`, () => {
      expect(failing(readinessOf, snapshot)).to.deep.equal([name]);
      expect(readinessOf(snapshot, BOUNDS).ok).to.equal(false);
    });
  }

  it("holds for a standby that ticks nothing, and says that it is one", () => {
    const standby = { ...HEALTHY, vaults: [], accounts: [{ ...account, lane: "standby" as const, runwayDays: null }] };
    expect(readinessOf(standby, BOUNDS)).to.include({ ok: true, role: "standby" });
    expect(readinessOf({ ...standby, databaseAt: NOW - 121_000 }, BOUNDS).ok).to.equal(false);
  });

  it("lets what was seen grow older while ticks break off before they see anything new", () => {
    const then = withVault({ seenAt: NOW - 7_000_000, facts: { ...FACTS, oracleAt: TIME - 80_000 } });
    expect(failing(readinessOf, then)).to.deep.equal(["oracle", "feed"]);
  });

  it("turns bad at the bound and nowhere before it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (milliseconds) => {
        const { ok } = readinessOf({ ...HEALTHY, databaseAt: NOW - milliseconds }, BOUNDS);
        expect(ok).to.equal(milliseconds <= 120_000);
      }),
    );
  });
});
