import { expect } from "chai";
import { loadMarket } from "../../../keeper/src/backtest/data/load-market.js";
import { Inputs } from "../../../keeper/src/backtest/options.js";
import { KeeperError } from "../../../keeper/src/errors.js";
import { anticipate } from "../../../keeper/src/model/forecast/anticipate.js";
import { AnticipatingBeta } from "../../../keeper/src/model/forecast/anticipating.js";
import { forecastShift } from "../../../keeper/src/model/forecast/correlation-shift.js";
import { type DayOfPair, pairPast } from "../../../keeper/src/model/forecast/pair-past.js";
import { SHIFT_COEFFICIENTS } from "../../../keeper/src/model/forecast/shift-coefficients.js";
import { fitShifts, skillOf } from "../../bench/shifts/fit.js";
import { between, marketWeeks } from "../../bench/shifts/market-weeks.js";
import { type PairWeek, PairWeeks } from "../../bench/shifts/pair-weeks.js";
import { PooledRegression } from "../../bench/shifts/pooled-regression.js";
import { missingData, sharedFile } from "../../integration/support/shared-data.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";
import { DAY, HOUR, simulatedReturns } from "../support/simulated-returns.js";

/** Days of assets whose betas revert to one, with a memory of `memory` from day to day. */
function simulatedDays(assets: number, days: number, memory: number, seed: number): DayOfPair[][] {
  const draw = seededNormals(seed);
  const beta = Array.from({ length: assets }, () => 1);
  return Array.from({ length: days }, () => {
    const returns = Array.from({ length: 24 }, () => 0.01 * draw());
    return beta.map((_, a) => {
      beta[a] = 1 + memory * (beta[a]! - 1) + 0.4 * Math.sqrt(1 - memory ** 2) * draw();
      let [asset, hedge, cross] = [0, 0, 0];
      for (const x of returns) {
        const y = beta[a]! * x + 0.01 * draw();
        asset += y * y;
        hedge += x * x;
        cross += x * y;
      }
      return { asset, hedge, cross };
    });
  });
}

const learned = { ofCorrelation: [0, 0, 1, 0, 0], ofBeta: [0, 0, 0.5, 0, 0, 0] };

function weeksOf(days: readonly (readonly DayOfPair[])[]): PairWeek[] {
  const pairs = days[0]!.map(() => ({ weeks: new PairWeeks(), past: new Map<number, DayOfPair>() }));
  return days.flatMap((day, number) =>
    pairs.flatMap(({ weeks, past }, a) => {
      past.set(number, day[a]!);
      const known = pairPast(past, number);
      const week = weeks.add(number, day[a]!, known && { past: known, own: known.beta[2]! });
      return week === null ? [] : [week];
    }),
  );
}

describe("the forecast of shifts", () => {
  it("foresees what is persistent, and claims no skill where nothing is", () => {
    for (const [memory, least, most] of [
      [0.97, 0.25, 0.9],
      [0, -0.05, 0.05],
    ] as const) {
      const weeks = weeksOf(simulatedDays(8, 500, memory, 1));
      const half = weeks.filter(({ end }) => end < 300);
      const skill = skillOf(
        weeks.filter(({ end }) => end >= 307),
        fitShifts(half),
      );
      expect(skill.correlation).to.be.within(least, most);
      expect(skill.beta).to.be.within(least, most);
      expect(skill.count).to.equal(8 * 193);
    }
  });

  it("judges a week by what was known when it began", () => {
    const days = simulatedDays(2, 300, 0.97, 4);
    const wild = days.map((day, number) => (number < 295 ? day : day.map(() => ({ asset: 1, hedge: 1, cross: -0.9 }))));
    const known = ({ end, past, own, mean }: PairWeek) => ({ end, past, own, mean });
    const [calm, shaken] = [weeksOf(days), weeksOf(wild)];
    expect(shaken.map(known).filter(({ end }) => end < 302)).to.deep.equal(
      calm.map(known).filter(({ end }) => end < 302),
    );
    const last = calm.at(-1)!;
    expect(last.end).to.equal(299);
    const sum = (of: (day: DayOfPair) => number) => days.slice(293, 300).reduce((total, day) => total + of(day[1]!), 0);
    expectClose(last.realised.beta, sum(({ cross }) => cross) / sum(({ hedge }) => hedge), 1e-12);
    expect(() => new PairWeeks().add(0.5, days[0]![0]!, null)).to.throw(KeeperError, "in their order");
  });

  it("looks at 1, 7, 30 and 90 days", () => {
    const days = new Map<number, DayOfPair>();
    for (let day = 1; day <= 90; day++) {
      const cross = day === 90 ? 8 : day > 83 ? 4 : day > 60 ? 2 : 1;
      days.set(day, { asset: 100, hedge: 10, cross });
    }
    const { beta, z } = pairPast(days, 90)!;
    expect(beta.slice(0, 2)).to.deep.equal([0.8, (8 + 24) / 70]);
    expectClose(beta[2], (8 + 24 + 46) / 300, 1e-12);
    expectClose(beta[3], (8 + 24 + 46 + 60) / 900, 1e-12);
    expectClose(Math.tanh(z[0]!), 8 / Math.sqrt(1000), 1e-12);
    const shift = forecastShift({ beta, z }, 0.5, learned);
    expectClose(shift.correlation, 32 / Math.sqrt(70 * 700), 1e-12);
    expectClose(shift.correlationNow, shift.correlation, 1e-12);
    expectClose(shift.beta, 0.5 + 0.5 * (32 / 70 - 0.5), 1e-12);
    expectClose(shift.betaNow, 32 / 70, 1e-12);
    days.delete(90);
    expect(pairPast(days, 90)).to.equal(null);
  });

  it("regresses", () => {
    const regression = new PooledRegression(3, 1e-9);
    const draw = seededNormals(6);
    for (let k = 0; k < 50; k++) {
      const x = [1, draw(), draw()];
      regression.learn(x, 0.5 + 2 * x[1]! - x[2]!);
    }
    for (const [k, value] of regression.coefficients().entries()) expectClose(value, [0.5, 2, -1][k]!, 1e-6);
  });
});

describe("anticipation", () => {
  it("moves the first beta, part of the way to the forecast", () => {
    const [first, second] = anticipate([0.9, 0.25], 1.1, 1.32, 0.5) as [number, number];
    expectClose(first, 0.9 + 0.5 * (1.32 - 1.1), 1e-12);
    expect(second).to.equal(0.25);
    expect(anticipate([0.9, 0.25], 1.1, 1.32, 0)).to.deep.equal([0.9, 0.25]);
  });

  it("goes no further than by its factor, and leaves alone what amounts to nothing", () => {
    expectClose(anticipate([0.1], 0.1, 9, 1)[0], 0.14, 1e-12);
    expectClose(anticipate([2.8], 2.8, 0, 1)[0], 2, 1e-12);
    expect(anticipate([-0.1, 0], -0.1, 1, 1)).to.deep.equal([-0.1, 0]);
    expect(() => anticipate([1], 1, 1, 2)).to.throw(KeeperError, "in [0, 1]");
  });

  it("goes by the asset's own days, as soon as there are enough", () => {
    // The hour that ends a day is missing, but for the last.
    const steps = simulatedReturns(24 * 100, 8, (hour) => (hour < 24 * 95 ? [0.5, 0.2] : [2.5, 0.2])).filter(
      ({ time }) => time % DAY !== 0 || time === 100 * DAY,
    );
    const relearned: number[] = [];
    const model = {
      update: () => {},
      betas: () => [0.5, 0.2],
      relearn: (factor: number) => void relearned.push(factor),
    };
    const moved = new AnticipatingBeta(2, model, 0.5);
    const days = new Map<number, DayOfPair>();
    for (const { time, asset, hedges } of steps) {
      moved.update(time, HOUR, asset, hedges);
      const number = Math.ceil(time / DAY);
      const day = days.get(number) ?? { asset: 0, hedge: 0, cross: 0 };
      const [hedge, weight] = [hedges[0]!, number === 100 ? 1 / 24 : 1 / 23];
      days.set(number, {
        asset: day.asset + weight * asset ** 2,
        hedge: day.hedge + weight * hedge ** 2,
        cross: day.cross + weight * asset * hedge,
      });
      if (time < 80 * DAY) expect([moved.betas(), moved.shift()]).to.deep.equal([[0.5, 0.2], null]);
    }
    const past = pairPast(days, 100)!;
    for (const [k, value] of past.beta.entries()) expectClose(moved.past()!.beta[k], value, 1e-9);
    const own = moved.own()!;
    expect(own).to.be.within(0.55, 0.65);
    const shift = moved.shift()!;
    expect(shift).to.deep.equal(forecastShift(moved.past()!, own));
    expect(shift.beta).to.be.above(own);
    const towards = Math.min(shift.beta, 1.4 * own);
    expectClose(moved.betas()![0], 0.5 + 0.5 * (towards - own), 1e-12);
    expect(moved.betas()![1]).to.equal(0.2);
    moved.relearn(20, DAY);
    expect(relearned).to.deep.equal([20]);
    expect(moved.posterior()).to.equal(null);
    expect(() => new AnticipatingBeta(2, model, 2)).to.throw(KeeperError, "in [0, 1]");
  });
});

const missing = missingData("prices_1h.csv.gz");

describe(`the coefficients of shifts${missing === undefined ? "" : `: ${missing}`}`, () => {
  before(function () {
    if (missing !== undefined) this.skip();
  });

  it("are those that real prices before April 2021 give, and foresee what came after", async () => {
    const weeks = marketWeeks(await loadMarket(Inputs.parse({ prices: sharedFile("prices_1h.csv.gz") })));
    const fitted = fitShifts(between(weeks, "2019-02-01", "2021-03-31"));
    for (const key of ["ofCorrelation", "ofBeta"] as const) {
      for (const [k, value] of fitted[key].entries()) expectClose(value, SHIFT_COEFFICIENTS[key][k]!, 2e-4);
    }
    const { correlation, beta, count } = skillOf(between(weeks, "2021-04-01", "2023-12-31"), SHIFT_COEFFICIENTS);
    expect(correlation).to.be.within(0.3, 0.45);
    expect(beta).to.be.within(0.25, 0.35);
    expect(count).to.be.above(20_000);
  }).timeout(60_000);
});
