import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { anticipate } from "../../../keeper/src/model/forecast/anticipate.js";
import { CorrelationShift } from "../../../keeper/src/model/forecast/correlation-shift.js";
import { PooledRegression } from "../../../keeper/src/model/forecast/pooled-regression.js";
import { type DayOfPair, shiftRegressors } from "../../../keeper/src/model/forecast/shift-features.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";

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

function learned(days: readonly (readonly DayOfPair[])[], assets: number): CorrelationShift {
  const model = new CorrelationShift(assets);
  for (const [number, day] of days.entries()) for (const [a, of] of day.entries()) model.add(a, number, of);
  return model;
}

describe("the forecast of shifts", () => {
  it("foresees what is persistent, and claims no skill where nothing is", () => {
    const foreseen = learned(simulatedDays(8, 500, 0.97, 1), 8).skill();
    expect(foreseen.correlation).to.be.within(0.25, 0.9);
    expect(foreseen.beta).to.be.within(0.25, 0.9);
    expect(foreseen.count).to.be.within(8 * 250, 8 * 420);
    const nothing = learned(simulatedDays(8, 500, 0, 2), 8).skill();
    expect(nothing.correlation).to.be.within(-0.05, 0.05);
    expect(nothing.beta).to.be.within(-0.05, 0.05);
  });

  it("expects a beta that has run away to come back", () => {
    const days = simulatedDays(8, 400, 0.9, 3);
    const model = learned(days, 8);
    for (let number = 400; number < 407; number++) model.add(0, number, { asset: 0.05, hedge: 0.0024, cross: 0.0072 });
    const forecast = model.forecast(0)!;
    expectClose(forecast.betaNow, 3, 1e-9);
    expectClose(forecast.correlationNow, 0.0072 / Math.sqrt(0.05 * 0.0024), 1e-9);
    expect(forecast.beta).to.be.within(1, 2.5);
    expect(forecast.correlation).to.be.within(0.3, 1);
  });

  it("takes a week into account only once it is over", () => {
    const days = simulatedDays(4, 300, 0.97, 4);
    const wild = days.map((day, number) => (number < 295 ? day : day.map(() => ({ asset: 1, hedge: 1, cross: -0.9 }))));
    const [before, after] = [learned(days.slice(0, 295), 4), learned(wild.slice(0, 295), 4)];
    expect(after.forecast(1)).to.deep.equal(before.forecast(1));
    const pairs = before.skill().count;
    before.add(1, 295, days[295]![1]!);
    expect(before.skill().count).to.equal(pairs + 1);
  });

  it("says nothing before it has learned, nor of an asset with gaps", () => {
    const days = simulatedDays(4, 300, 0.97, 5);
    expect(learned(days.slice(0, 120), 4).forecast(0)).to.equal(null);
    const model = learned(days, 4);
    model.add(0, 320, days[0]![0]!);
    expect(model.forecast(0)).to.equal(null);
    expect(model.forecast(1)).to.not.equal(null);
    expect(() => model.add(0, 320, days[0]![0]!)).to.throw(KeeperError, "in their order");
    expect(() => model.forecast(4)).to.throw(KeeperError, "Give 0 to 3");
  });

  it("looks at 1, 7, 30 and 90 days", () => {
    const days = new Map<number, DayOfPair>();
    for (let day = 1; day <= 90; day++) {
      const cross = day === 90 ? 8 : day > 83 ? 4 : day > 60 ? 2 : 1;
      days.set(day, { asset: day === 90 ? 4 * Math.E ** 2 * 100 : 100, hedge: 10, cross });
    }
    const { ofBeta, ofCorrelation } = shiftRegressors(days, 90)!;
    expect(ofBeta.slice(0, 3)).to.deep.equal([1, 0.8, (8 + 24) / 70]);
    expectClose(ofBeta[3], (8 + 24 + 46) / 300, 1e-12);
    expectClose(ofBeta[4], (8 + 24 + 46 + 60) / 900, 1e-12);
    expectClose(ofBeta[5], Math.log(Math.sqrt(400) * Math.E) - Math.log((400 * Math.E ** 2 + 2900) / 30) / 2, 1e-12);
    expectClose(ofBeta[6], 0, 1e-12);
    expectClose(Math.tanh(ofCorrelation[1]!), 8 / Math.sqrt(4000 * Math.E ** 2), 1e-12);
    days.delete(90);
    expect(shiftRegressors(days, 90)).to.equal(null);
  });

  it("regresses", () => {
    const regression = new PooledRegression(3, 1e-9);
    const draw = seededNormals(6);
    for (let k = 0; k < 50; k++) {
      const x = [1, draw(), draw()];
      regression.learn(x, 0.5 + 2 * x[1]! - x[2]!);
    }
    expectClose(regression.predict([1, 1, 1]), 1.5, 1e-6);
  });
});

describe("anticipation", () => {
  const shift = { beta: 1.32, betaNow: 1, correlation: 0.8, correlationNow: 0.7 };

  it("moves all betas alike, part of the way to the forecast", () => {
    const [first, second] = anticipate([0.9, 0.25], [1, 0.8], shift, 0.5) as [number, number];
    expectClose(first + 0.8 * second, 1.1 + 0.5 * (1.32 - 1.1), 1e-12);
    expectClose(first / second, 0.9 / 0.25, 1e-12);
    expect(anticipate([0.9, 0.25], [1, 0.8], shift, 0)).to.deep.equal([0.9, 0.25]);
  });

  it("goes no further than by its factor, and leaves alone what it cannot scale", () => {
    expectClose(anticipate([0.1], [1], shift, 1)[0], 0.14, 1e-12);
    expectClose(anticipate([2.8], [1], shift, 1)[0], 2, 1e-12);
    expect(anticipate([-0.1, 0], [1, 0.8], shift, 1)).to.deep.equal([-0.1, 0]);
    expect(() => anticipate([1], [1], shift, 2)).to.throw(KeeperError, "in [0, 1]");
  });
});
