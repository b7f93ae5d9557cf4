import { expect } from "chai";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { KeeperError } from "../../../keeper/src/errors.js";
import { KalmanBeta, type KalmanOptions } from "../../../keeper/src/model/forecast/kalman-beta.js";
import { expectClose } from "../expect-close.js";
import { DAY, HOUR, simulatedReturns } from "../support/simulated-returns.js";
import { vectors } from "../vectors.js";

const PLAIN = { clip: Number.POSITIVE_INFINITY, residualHalfLife: Number.POSITIVE_INFINITY };
const ROBUST: KalmanOptions = {
  components: [{ noise: 1e-3, reversion: 0 }],
  clip: 3,
  residualHalfLife: 29 * DAY,
  initialVariance: 0.1,
};

describe("Kalman betas", () => {
  it("are the reference's without the clip", () => {
    const { Q, R, beta_T, P_T } = vectors.kalman;
    const model = new KalmanBeta(2, {
      ...PLAIN,
      components: [{ noise: Q * DAY, reversion: 0 }],
      residualVariance: R,
      initial: [0.5, 0.5],
      initialVariance: 0.1,
    });
    const { X } = vectors.shrink_centered_True;
    for (let k = 0; k < 60; k++) model.update(k + 1, 1, X[4 * k]!, [X[4 * k + 1]!, X[4 * k + 2]!]);
    beta_T.forEach((value, j) => {
      expectClose(model.betas()[j], value, 1e-9 * Math.abs(value));
    });
    P_T.forEach((value, k) => {
      expectClose(model.posterior().flat()[k], value, 1e-9 * Math.abs(value));
    });
  });

  it("take two components that are alike for one that is twice as uncertain", () => {
    const base = { ...PLAIN, residualVariance: 1e-8, initial: [0.5, 0.5] };
    const half = { noise: 1e-3, reversion: 0 };
    const two = new KalmanBeta(2, { ...base, components: [half, half], initialVariance: 0.1 });
    const one = new KalmanBeta(2, { ...base, components: [{ noise: 2e-3, reversion: 0 }], initialVariance: 0.2 });
    for (const { time, asset, hedges } of simulatedReturns(300, 1, () => [1, 1])) {
      two.update(time, HOUR, asset, hedges);
      one.update(time, HOUR, asset, hedges);
    }
    one.betas().forEach((beta, j) => {
      expectClose(two.betas()[j], beta, 1e-10);
    });
    expectClose(two.posterior()[0]![1], one.posterior()[0]![1]!, 1e-10);
  });

  it("let what reverts fade while nothing is heard", () => {
    const model = new KalmanBeta(1, {
      ...ROBUST,
      components: [{ noise: 1e-2, reversion: 0.5 }],
      initial: [0],
      residualVariance: 1e-8,
    });
    for (let k = 1; k <= 24 * 20; k++) model.update(k * HOUR, HOUR, k % 2 ? 0.02 : -0.02, [k % 2 ? 0.01 : -0.01]);
    const before = model.betas()[0]!;
    const spread = model.posterior()[0]![0]!;
    model.update(24 * 21 * HOUR, HOUR, 0, [0]);
    expectClose(model.betas()[0], before / 2, 1e-12);
    const stationary = 1e-2 / (2 * Math.LN2);
    expectClose(model.posterior()[0]![0], spread / 4 + stationary * (3 / 4), 1e-12);
  });

  it("are aimed in front of the target by what of each component lasts, which changes nothing else", () => {
    const aim = { gamma: 1, lambda: 12, rho: 0 };
    const reverting = (reversion: number): KalmanOptions => {
      return { ...ROBUST, residualVariance: 1e-6, initial: [0, 0], components: [{ noise: 1e-2, reversion }] };
    };
    const walk = { noise: 1e-4, reversion: 0 };
    const runs = (options: KalmanOptions, weight: number): void => {
      const [plain, aimed] = [new KalmanBeta(2, options), new KalmanBeta(2, { ...options, aim })];
      for (const { time, asset, hedges } of simulatedReturns(24 * 20, 6, (hour) => [hour % 48 < 24 ? 1.5 : 0.5, 0.2])) {
        plain.update(time, HOUR, asset, hedges);
        aimed.update(time, HOUR, asset, hedges);
      }
      plain.betas().forEach((beta, j) => {
        expectClose(aimed.betas()[j], weight * beta, 1e-12);
      });
      expect(aimed.posterior()).to.deep.equal(plain.posterior());
    };
    // λ/γ = 12 makes a/γ 3.
    runs({ ...ROBUST, components: [walk, walk] }, 1);
    runs(reverting(0.03), 1 / 1.09);
    runs(reverting(0.3), 1 / 1.9);

    const mixed: KalmanOptions = { ...ROBUST, components: [walk, { noise: 5e-3, reversion: 0.3 }] };
    const [plain, aimed] = [new KalmanBeta(1, mixed), new KalmanBeta(1, { ...mixed, aim })];
    for (let k = 1; k <= 24; k++) {
      for (const model of [plain, aimed]) model.update(k * HOUR, HOUR, k % 2 ? 0.02 : -0.02, [k % 2 ? 0.01 : -0.01]);
    }
    // After a year without news only what walks is left of both.
    const gap = plain.betas()[0]! - aimed.betas()[0]!;
    expect(gap).to.be.above(0.02);
    for (const model of [plain, aimed]) model.update(24 * 366 * HOUR, HOUR, 0, [0]);
    expectClose(aimed.betas()[0], plain.betas()[0]!, 1e-9);
  });

  it("know how far off they are", () => {
    let [inside, all] = [0, 0];
    for (let seed = 1; seed <= 12; seed++) {
      const model = new KalmanBeta(2, { ...ROBUST, components: [{ noise: 1e-4, reversion: 0 }] });
      for (const { time, asset, hedges } of simulatedReturns(24 * 60, seed, () => [1.2, -0.2])) {
        model.update(time, HOUR, asset, hedges);
      }
      for (const [j, truth] of [1.2, -0.2].entries()) {
        all++;
        if (Math.abs(model.betas()[j]! - truth) < 2 * Math.sqrt(model.posterior()[j]![j]!)) inside++;
      }
    }
    expect(inside / all).to.be.above(0.9);
  });

  it("stay with a return that is far off only as far as the clip goes", () => {
    const moved = (clip: number): number => {
      const model = new KalmanBeta(2, { ...ROBUST, clip });
      const steps = simulatedReturns(24 * 40, 2, () => [1, 0]);
      for (const { time, asset, hedges } of steps) model.update(time, HOUR, asset, hedges);
      const before = model.betas()[0]!;
      model.update(steps.at(-1)!.time + HOUR, HOUR, 1, [0.03, 0]);
      return Math.abs(model.betas()[0]! - before);
    };
    expect(moved(3)).to.be.below(0.2);
    expect(moved(Number.POSITIVE_INFINITY)).to.be.above(1);
  });

  it("follow a break faster while they relearn, and not after", () => {
    const steps = simulatedReturns(
      24 * 42,
      3,
      (hour) => (hour < 24 * 40 ? [1, 0] : [0, 0]),
      () => 0.004,
    );
    const left = (alarm: boolean): number => {
      const model = new KalmanBeta(2, ROBUST);
      for (const { time, asset, hedges } of steps) {
        if (alarm && time === 24 * 40 * HOUR + HOUR) model.relearn(20, 2 * DAY);
        model.update(time, HOUR, asset, hedges);
      }
      return Math.abs(model.betas()[0]! + model.betas()[1]!);
    };
    expect(left(true)).to.be.below(0.5 * left(false));

    const [calm, alarmed] = [new KalmanBeta(1, ROBUST), new KalmanBeta(1, ROBUST)];
    calm.update(HOUR, HOUR, 0, [0]);
    alarmed.update(HOUR, HOUR, 0, [0]);
    alarmed.relearn(20, DAY);
    for (const hour of [2, 25, 26]) {
      calm.update(hour * HOUR, HOUR, 0, [0]);
      alarmed.update(hour * HOUR, HOUR, 0, [0]);
    }
    const added = alarmed.posterior()[0]![0]! - calm.posterior()[0]![0]!;
    expectClose(added, 19e-3, 1e-12);
  });

  it("are of no unit: neither the prices' scale nor the length of intervals matters", () => {
    const steps = simulatedReturns(24 * 30, 4, () => [1.1, 0.3]);
    const [one, thousand] = [new KalmanBeta(2, ROBUST), new KalmanBeta(2, ROBUST)];
    for (const { time, asset, hedges } of steps) {
      one.update(time, HOUR, asset, hedges);
      thousand.update(
        time,
        HOUR,
        1000 * asset,
        hedges.map((value) => 1000 * value),
      );
    }
    one.betas().forEach((beta, j) => {
      expectClose(thousand.betas()[j], beta, 1e-9);
    });
  });

  it("keep a covariance that is one, for years", () => {
    const model = new KalmanBeta(3, {
      ...ROBUST,
      components: [
        { noise: 3e-5, reversion: 0 },
        { noise: 5e-3, reversion: 0.3 },
      ],
    });
    const calm = (hour: number) => (hour % 5000 < 100 ? 0.2 : 1e-4);
    for (const { time, asset, hedges } of simulatedReturns(24 * 365 * 2, 5, () => [1, 0, 0], calm)) {
      model.update(time, HOUR, asset, hedges);
    }
    const { realEigenvalues } = new EigenvalueDecomposition(new Matrix(model.posterior()), { assumeSymmetric: true });
    for (const value of realEigenvalues) expect(value).to.be.within(1e-6, 1);
  });

  it("refuse what makes no sense", () => {
    expect(() => new KalmanBeta(2, { ...ROBUST, components: [] })).to.throw(KeeperError, "Give one or more");
    expect(() => new KalmanBeta(2, { ...ROBUST, initial: [1] })).to.throw(KeeperError, "one for each hedge");
    expect(() => new KalmanBeta(2, ROBUST).relearn(0.5, DAY)).to.throw(KeeperError, "a factor ≥ 1");
  });
});
