import { expect } from "chai";
import {
  countByReason,
  cumulativeCosts,
  growthOf100,
  hedgeEffectiveness,
  hourlyPnl,
  hourlyReturns,
  oraclePnl,
  rollingVolatility,
  variance,
  volatility,
} from "../../scripts/demo/metrics.js";
import type { RebalanceRecord, VaultHour } from "../../scripts/demo/record.js";

function hours(values: readonly number[], flows: readonly number[] = []): VaultHour[] {
  return values.map((value, i) => ({
    time: i * 3600,
    fair: { lp: value - 3, idle: 1, hedge: 2 },
    navOracle: value * 2,
    marginRatio: null,
    sharePrice: 1,
    flow: flows[i] ?? 0,
    exposure: { before: {}, after: {} },
    hedgeRatio: {},
    range: null,
    price: 1,
  }));
}

describe("demo metrics", () => {
  it("leaves deposits and exits out of the P&L", () => {
    expect(hourlyPnl(hours([100, 110, 160, 120], [0, 0, 45, -30]))).to.deep.equal([10, 5, -10]);
  });

  it("takes the oracle's P&L over hours with good prices at either end, of both vaults", () => {
    const bad = (list: VaultHour[], hour: number) =>
      list.map((entry, i) => (i === hour ? { ...entry, navOracle: null } : entry));
    const a = hours([100, 110, 120, 130, 150, 151]);
    const b = bad(hours([50, 51, 53, 56, 60, 70], [0, 0, 0, 0, 0, 9]), 2);
    expect(oraclePnl(a, b)).to.deep.equal([
      [20, 40, 2],
      [2, 8, 11],
    ]);
  });

  it("measures returns on the value that earned them, a deposit counting from the start of its hour", () => {
    const returns = hourlyReturns(hours([100, 110, 220], [0, 0, 90]));
    expect(returns[0]).to.be.closeTo(0.1, 1e-12);
    expect(returns[1]).to.be.closeTo(20 / 200, 1e-12);
  });

  it("has no return on an empty vault", () => {
    expect(hourlyReturns(hours([0, 0]))).to.deep.equal([0]);
  });

  it("computes the sample variance", () => {
    expect(variance([1, 2, 3, 4])).to.be.closeTo(5 / 3, 1e-12);
    expect(variance([1])).to.be.NaN;
  });

  it("has effectiveness 1 for a flat hedge, 0 for none, below 0 for one that hurts", () => {
    expect(hedgeEffectiveness([2, 2, 2], [1, -1, 1])).to.equal(1);
    expect(hedgeEffectiveness([1, -1, 1], [1, -1, 1])).to.equal(0);
    expect(hedgeEffectiveness([1, -1, 1], [2, -2, 2])).to.be.closeTo(0.75, 1e-12);
    expect(hedgeEffectiveness([2, -2, 2], [1, -1, 1])).to.be.closeTo(-3, 1e-12);
  });

  it("has no effectiveness where nothing varies, and refuses different hours", () => {
    expect(hedgeEffectiveness([1, 2], [1, 1])).to.equal(null);
    expect(() => hedgeEffectiveness([1], [1, 2])).to.throw(RangeError, "same hours");
  });

  it("annualises hourly volatility by √8760", () => {
    expect(volatility([0.01, -0.01])).to.be.closeTo(Math.sqrt(0.0002 * 8760), 1e-12);
    expect(volatility([0.01])).to.equal(null);
  });

  it("rolls the volatility over full windows only", () => {
    const rolled = rollingVolatility(hours([100, 101, 100, 101, 200]), 3);
    expect(rolled.slice(0, 3)).to.deep.equal([null, null, null]);
    expect(rolled[3]).to.be.closeTo(volatility([0.01, -1 / 101, 0.01])!, 1e-12);
    expect(rolled[4]).to.be.greaterThan(rolled[3]!);
  });

  it("chains returns from 100", () => {
    const grown = growthOf100(hours([50, 55, 155], [0, 0, 100]));
    expect(grown[0]).to.equal(100);
    expect(grown[1]).to.be.closeTo(110, 1e-9);
    expect(grown[2]).to.be.closeTo(110, 1e-9);
  });

  it("accumulates costs up to and including each time, in whatever order they come", () => {
    const cost = (time: number, fees: number) =>
      ({ time, cost: { fees, impact: 1, funding: -1, gas: 0.5 } }) as RebalanceRecord;
    const sums = cumulativeCosts([cost(7200, 5), cost(3600, 3)], [0, 3600, 7199, 7200]);
    expect(sums.map((sum) => sum.fees)).to.deep.equal([0, 3, 3, 8]);
    expect(sums.at(-1)).to.deep.equal({ fees: 8, impact: 2, funding: -2, gas: 1 });
  });

  it("counts reasons, the most frequent first", () => {
    const counts = countByReason([{ reason: "b" }, { reason: "a" }, { reason: "c" }, { reason: "c" }]);
    expect(Object.entries(counts)).to.deep.equal([
      ["c", 2],
      ["a", 1],
      ["b", 1],
    ]);
  });
});
