import { expect } from "chai";
import { ALERTS } from "../../../keeper/src/monitor/alert-names.js";
import { alertsOf } from "../../../keeper/src/monitor/alerts.js";
import type { HealthSnapshot } from "../../../keeper/src/monitor/health-snapshot.js";
import { BOUNDS, HEALTHY, NOW, withFacts, withVault } from "./healthy.js";

const TIME = NOW / 1000;
const names = (snapshot: HealthSnapshot): string[] => [
  ...new Set(alertsOf(snapshot, BOUNDS).map(({ name }) => name as string)),
];
const account = HEALTHY.accounts[0]!;
const chain = HEALTHY.chains[0]!;

const WRONG: Readonly<Record<keyof typeof ALERTS, HealthSnapshot>> = {
  CrosshedgeTickStale: withVault({ endedAt: NOW - 8_000_000 }),
  CrosshedgeHeadStale: { ...HEALTHY, chains: [{ ...chain, advancedAt: NOW - 200_000 }] },
  CrosshedgeOracleStale: withFacts({ oracleAt: TIME - 90_000 }),
  CrosshedgeFeedLate: withFacts({ feeds: [{ asset: "ETH", updatedAt: TIME - 5_000, heartbeat: 3_600 }] }),
  CrosshedgePricesBad: withFacts({ pricesOk: false }),
  CrosshedgeLaneFree: { ...HEALTHY, accounts: [{ ...account, lane: "free" }] },
  CrosshedgeGasRunwayShort: { ...HEALTHY, accounts: [{ ...account, runwayDays: 3 }] },
  CrosshedgeDatabaseNotWritten: { ...HEALTHY, databaseAt: NOW - 130_000 },
  CrosshedgeSilent: withFacts({ lastSign: TIME - 12_000 }),
  CrosshedgeMarginLow: withFacts({ margins: { "perp-v2": 0.24 } }),
  CrosshedgeVolatilityHigh: withFacts({ volatility: 0.51 }),
  CrosshedgeLossBudgetLow: withFacts({ lossBudgetLeft: 0.1 }),
  CrosshedgeQueueWaiting: withFacts({ queueShares: 5, queueSince: TIME - 400_000 }),
  CrosshedgeAlarmRaised: withFacts({ alarm: true }),
  CrosshedgeModeRestricted: withFacts({ mode: "ReduceOnly" }),
  CrosshedgeRefused: withVault({ refusalsInARow: 5 }),
  CrosshedgeIntentOpen: withVault({ openSince: NOW - 1_900_000 }),
  CrosshedgeNotSent: withVault({ unsent: { since: NOW - 1_900_000, code: "feeAboveCap" } }),
  CrosshedgePaused: withVault({ paused: "a holiday" }),
  CrosshedgeCostAboveFee: withVault({ costs: { gas: 500, trading: 400, fee: 800 } }),
};

describe("alerts", () => {
  it("says nothing where nothing is wrong", () => {
    expect(alertsOf(HEALTHY, BOUNDS)).to.deep.equal([]);
  });

  for (const [name, snapshot] of Object.entries(WRONG)) {
    it(`${name} stands where it should, alone`, () => {
      expect(names(snapshot)).to.deep.equal([name]);
      expect(alertsOf(snapshot, BOUNDS)[0]).to.include({ severity: ALERTS[name as keyof typeof ALERTS] });
    });
  }

  it("gives a young process time to learn how things are, but not what it knows to be bad", () => {
    const young = {
      ...{ ...HEALTHY, startedAt: NOW - 1_000, databaseAt: null, loopAt: null },
      accounts: [{ ...account, lane: null, runwayDays: 1 }],
    };
    expect(names(young)).to.deep.equal(["CrosshedgeGasRunwayShort"]);
    expect(names({ ...young, startedAt: NOW - 400_000 })).to.include.members([
      ...["CrosshedgeDatabaseNotWritten", "CrosshedgeLaneFree", "CrosshedgeTickStale"],
    ]);
  });

  it("says what is wrong with which vault in figures", () => {
    const [alert] = alertsOf(WRONG.CrosshedgeMarginLow, BOUNDS);
    expect(alert).to.include({ of: "alt on 1", summary: "margin of perp-v2 is 24.0%, the vault's floor 20.0%" });
  });
});
