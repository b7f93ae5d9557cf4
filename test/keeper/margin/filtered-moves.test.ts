import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { FilteredMoves } from "../../../keeper/src/model/margin/filtered-moves.js";
import { createRandom } from "../../../keeper/src/model/random.js";

const OPTIONS = { horizonHours: 6, volatilityHalfLife: 24, memoryHalfLife: 500, minWindows: 100 };

/** Hourly returns whose volatility changes, with fat tails. */
function returns(count: number, seed: number): number[] {
  const { normal, chiSquared } = createRandom(seed);
  return Array.from(
    { length: count },
    (_, i) => (0.006 * (1.5 + Math.sin(i / 90)) * normal()) / Math.sqrt(chiSquared(4)),
  );
}

/** The definition, from all returns: windows that have ended, over the volatility when they began. */
function brute(values: readonly number[], exceedance: number): number {
  const { horizonHours: h, volatilityHalfLife, memoryHalfLife } = OPTIONS;
  const keep = 2 ** (-1 / volatilityHalfLife);
  const volatility = (end: number): number => {
    let [sum, weight] = [0, 0];
    for (let i = 0; i < end; i++) {
      if (Number.isNaN(values[i])) continue;
      sum = keep * sum + values[i]! ** 2;
      weight = keep * weight + 1;
    }
    return Math.sqrt(sum / weight);
  };
  const known = (end: number): number => values.slice(0, end).filter((one) => !Number.isNaN(one)).length;
  const moves: number[] = [];
  for (let end = h; end <= values.length; end++) {
    const window = values.slice(end - h, end);
    if (window.some(Number.isNaN) || known(end - h) < 2 * volatilityHalfLife) continue;
    let [log, highest] = [0, 0];
    for (const one of window) {
      log += one;
      highest = Math.max(highest, log);
    }
    moves.push(highest / (volatility(end - h) * Math.sqrt(h)));
  }
  const weighed = moves.map((move, i) => ({ move, weight: 2 ** ((i + 1 - moves.length) / memoryHalfLife) }));
  weighed.sort((a, b) => b.move - a.move);
  let above = 0;
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  for (const { move, weight } of weighed) {
    above += weight;
    if (above >= exceedance * total) return move * volatility(values.length) * Math.sqrt(h);
  }
  return 0;
}

function fed(values: readonly number[], options = OPTIONS): FilteredMoves {
  const moves = new FilteredMoves(options);
  for (const one of values) moves.add(one);
  return moves;
}

describe("filtered moves", () => {
  it("are what their definition says, with missing hours as well", () => {
    const values = returns(700, 1);
    for (const gap of [120, 121, 300, 512]) values[gap] = Number.NaN;
    for (const exceedance of [0.15, 0.05, 0.02]) {
      expect(fed(values).quantile(exceedance)! / brute(values, exceedance)).to.be.closeTo(1, 0.006);
    }
  });

  it("do not know a window before it has ended", () => {
    const values = returns(600, 2);
    const before = fed(values);
    const [windows, worst] = [before.windows, before.worst];
    // The first hour of a jump: it tells of the window that ends now, and of no window that lasts.
    before.add(0);
    expect(before.windows).to.equal(windows + 1);
    const jumped = fed([...values, ...Array<number>(6).fill(0.1)]);
    const [long, short] = [jumped, fed([...values, 0.1])];
    expect(short.worst).to.be.within(0.1, worst + 0.1);
    expect(long.worst).to.be.at.least(0.6 - 1e-12);
    expect(fed(values).quantile(0.05)).to.equal(fed(values.slice()).quantile(0.05));
  });

  it("scale with the returns, and follow the volatility", () => {
    const values = returns(900, 3);
    const one = fed(values).quantile(0.05)!;
    expect(fed(values.map((value) => 2 * value)).quantile(0.05)! / one).to.be.closeTo(2, 1e-9);
    const calm = fed([...values, ...values.slice(0, 100).map((value) => value / 10)]);
    expect(calm.quantile(0.05)! / one).to.be.below(0.4);
    expect(calm.unconditionalQuantile(0.05)!).to.be.above(calm.quantile(0.05)!);
  });

  it("tell upward from downward moves", () => {
    const { exponential } = createRandom(4);
    const rising = Array.from({ length: 900 }, () => 0.01 * (exponential() - 1));
    const [up, down] = [fed(rising), fed(rising.map((value) => -value))];
    expect(up.quantile(0.01)!).to.be.above(1.1 * down.quantile(0.01)!);
    expect(up.volatility).to.equal(down.volatility);
  });

  it("say nothing before enough windows have ended, and refuse what is no return", () => {
    const values = returns(200, 5);
    // 48 hours until the volatility is known, then 6 until the first window has ended.
    expect(fed(values.slice(0, 53)).windows).to.equal(0);
    expect(fed(values.slice(0, 54)).windows).to.equal(1);
    expect(fed(values.slice(0, 152)).quantile(0.05)).to.equal(null);
    expect(fed(values.slice(0, 153)).quantile(0.05)).to.be.a("number");
    expect(fed(values.slice(0, 152)).unconditionalQuantile(0.05)).to.equal(null);
    // A week takes 83 separate weeks by default, a day the least that is believed of anything.
    const [week, day] = [168, 24].map((horizonHours) => {
      const moves = new FilteredMoves({ horizonHours });
      for (const one of returns(2_400, 6)) moves.add(one);
      return moves;
    });
    expect(week!.windows).to.be.above(2_000);
    expect(week!.quantile(0.05)).to.equal(null);
    expect(day!.quantile(0.05)).to.be.a("number");
    expect(fed([]).volatility).to.equal(null);
    expect(() => fed([Number.POSITIVE_INFINITY])).to.throw(KeeperError, "NaN");
    expect(() => new FilteredMoves({ horizonHours: 1.5 })).to.throw(KeeperError, "whole hours");
  });
});
