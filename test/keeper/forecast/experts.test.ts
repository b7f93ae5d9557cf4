import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { BandedBeta } from "../../../keeper/src/model/forecast/banded.js";
import type { BetaModel } from "../../../keeper/src/model/forecast/beta-model.js";
import { ExpertMixture } from "../../../keeper/src/model/forecast/experts.js";
import { Periods } from "../../../keeper/src/model/forecast/periods.js";
import { expectClose } from "../expect-close.js";
import { DAY, HOUR, simulatedReturns } from "../support/simulated-returns.js";

/** Says what it is told to, by the number of returns that it has seen. */
function scripted(say: (seen: number) => readonly number[] | null): BetaModel {
  let seen = 0;
  return { update: () => void seen++, betas: () => say(seen) };
}

const OPTIONS = { learningRate: 2, share: 0.01, period: DAY };

describe("a mixture of experts", () => {
  it("learns from each day's realised hedged variance, by the betas that an expert had when the day began", () => {
    const days = 12;
    const steps = simulatedReturns(24 * days, 1, () => [1, 0]);
    // The third changes its mind at noon: no day may be judged by that before the next.
    const says = [() => [1, 0], () => [0, 1], (seen: number) => (seen % 24 >= 12 ? [1, 0] : [seen / 24 / days, 0])];
    const mixture = new ExpertMixture(2, says.map(scripted), OPTIONS);
    let weights = [1 / 3, 1 / 3, 1 / 3];
    for (let day = 0; day < days; day++) {
      const today = steps.slice(24 * day, 24 * (day + 1));
      for (const { time, asset, hedges } of today) mixture.update(time, HOUR, asset, hedges);
      const unhedged = today.reduce((sum, { asset }) => sum + asset ** 2, 0);
      const loss = says.map((say) => {
        const [a, b] = say(24 * day) as [number, number];
        return today.reduce((s, { asset, hedges }) => s + (asset - a * hedges[0]! - b * hedges[1]!) ** 2, 0) / unhedged;
      });
      const raw = weights.map((w, k) => w * Math.exp(-2 * loss[k]!));
      const total = raw.reduce((a, b) => a + b, 0);
      weights = raw.map((w) => (0.99 * w) / total + 0.01 / 3);
      mixture.weights().forEach((weight, k) => {
        expectClose(weight, weights[k]!, 1e-12);
      });
    }
    const last = says.map((say) => say(24 * days) as [number, number]);
    for (const j of [0, 1] as const) {
      expectClose(
        mixture.betas()![j],
        last.reduce((sum, betas, k) => sum + weights[k]! * betas[j], 0),
        1e-12,
      );
    }
  });

  it("closes a day whose last hour is missing with the first of the next", () => {
    const steps = simulatedReturns(24 * 6, 2, () => [1, 0]).filter(({ time }) => time % DAY !== 0);
    const mixture = new ExpertMixture(2, [scripted(() => [1, 0]), scripted(() => [0, 0])], OPTIONS);
    let before = mixture.weights()[0]!;
    for (const { time, asset, hedges } of steps) {
      mixture.update(time, HOUR, asset, hedges);
      const closes = time > DAY && time % DAY === HOUR;
      expect(mixture.weights()[0]! > before).to.equal(closes);
      before = mixture.weights()[0]!;
    }
  });

  it("leaves out who has nothing to say, and neither rewards nor punishes that", () => {
    const late = scripted((seen) => (seen < 24 * 5 ? null : [1, 0]));
    const mixture = new ExpertMixture(2, [scripted(() => [1, 0]), scripted(() => [0.5, 1]), late], {
      ...OPTIONS,
      share: 0,
    });
    expect(mixture.betas()).to.deep.equal([0.75, 0.5]);
    for (const { time, asset, hedges } of simulatedReturns(24 * 5, 3, () => [1, 0])) {
      mixture.update(time, HOUR, asset, hedges);
    }
    expectClose(mixture.weights()[2], 1 / 3, 1e-12);
    expectClose(
      mixture.weights().reduce((a, b) => a + b),
      1,
      1e-12,
    );
    const silent = new ExpertMixture(2, [scripted(() => null)], OPTIONS);
    expect(silent.betas()).to.equal(null);
  });

  it("doubts by what its awake models doubt, and by how they differ", () => {
    const sure = scripted(() => [1, 0]);
    const doubting = {
      ...scripted(() => [0.4, 0.5]),
      posterior: () => [
        [0.04, 0.01],
        [0.01, 0.09],
      ],
    };
    const mixture = new ExpertMixture(2, [sure, doubting, scripted(() => null)], OPTIONS);
    for (const { time, asset, hedges } of simulatedReturns(24 * 3, 5, () => [1, 0])) {
      mixture.update(time, HOUR, asset, hedges);
    }
    const [a, b] = mixture.weights() as [number, number];
    const [p, q] = [a / (a + b), b / (a + b)];
    const posterior = mixture.posterior()!;
    // Two points apart by (0.6, −0.5) have the variance pq·d·d'.
    const spread = [
      [0.36, -0.3],
      [-0.3, 0.25],
    ];
    for (const i of [0, 1]) {
      for (const j of [0, 1]) {
        expectClose(posterior[i]![j], q * doubting.posterior()[i]![j]! + p * q * spread[i]![j]!, 1e-12);
      }
    }
    expect(new ExpertMixture(2, [scripted(() => null)], OPTIONS).posterior()).to.equal(null);
  });

  it("comes back to an expert that was bad, and weighs all alike after an alarm", () => {
    const steps = simulatedReturns(
      24 * 80,
      4,
      (hour) => (hour < 24 * 60 ? [1, 0] : [-1, 0]),
      () => 0.002,
    );
    let factor = 0;
    const relearn = (by: number): void => {
      factor = by;
    };
    const learner = { ...scripted(() => [1, 0]), relearn };
    const mixture = new ExpertMixture(2, [learner, scripted(() => [-1, 0])], OPTIONS);
    for (const { time, asset, hedges } of steps) {
      mixture.update(time, HOUR, asset, hedges);
      if (time === 24 * 60 * HOUR) expect(mixture.weights()[0]).to.be.above(0.95);
    }
    expect(mixture.weights()[1]).to.be.above(0.95);
    mixture.relearn(20, DAY);
    expect(mixture.weights()).to.deep.equal([0.5, 0.5]);
    expect(factor).to.equal(20);
  });

  it("refuses to be of nobody", () => {
    expect(() => new ExpertMixture(2, [], OPTIONS)).to.throw(KeeperError, "at least one model");
  });
});

describe("periods", () => {
  it("close once each, at their end or with what comes after", () => {
    const periods = new Periods(10);
    const closed = [3, 7, 10, 12, 25, 27, 30, 40].map((time) => [periods.closesBefore(time), periods.closesAt(time)]);
    const before = [false, false, false, false, true, false, false, false];
    const at = [false, false, true, false, false, false, true, true];
    expect(closed).to.deep.equal(before.map((value, k) => [value, at[k]]));
  });
});

describe("betas in a band", () => {
  it("stay where they are within it, and go to its edge, once a day", () => {
    const target = [1, 1.05, 1.2, 1.2, 0.9];
    const inner = scripted((seen) => (seen === 0 ? null : [target[Math.ceil(seen / 24) - 1]!]));
    const model = new BandedBeta(1, inner, { band: 0.1, period: DAY });
    const held: (number | undefined)[] = [];
    for (let hour = 1; hour <= 24 * 5; hour++) {
      model.update(hour * HOUR, HOUR, 0, [0]);
      if (hour % 24 === 23) held.push(model.betas()?.[0]);
    }
    expect(held[0]).to.equal(undefined);
    for (const [day, expected] of [1, 1, 1.1, 1.1].entries()) expectClose(held[day + 1], expected, 1e-12);
    expectClose(model.betas()![0], 1, 1e-12);
  });
});
