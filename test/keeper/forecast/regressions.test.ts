import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { EwmaBeta, EwmaCovariance } from "../../../keeper/src/model/forecast/ewma.js";
import { LedoitWolfBeta, ledoitWolf } from "../../../keeper/src/model/forecast/ledoit-wolf.js";
import { ResidualScale } from "../../../keeper/src/model/forecast/residual-scale.js";
import { RollingOlsBeta } from "../../../keeper/src/model/forecast/rolling-ols.js";
import { TwoSpeedBeta } from "../../../keeper/src/model/forecast/two-speed.js";
import { WlsEwmaBeta } from "../../../keeper/src/model/forecast/wls-ewma.js";
import { expectClose } from "../expect-close.js";
import { DAY, HOUR, type Step, simulatedReturns } from "../support/simulated-returns.js";
import { vectors } from "../vectors.js";

const rows = (flat: readonly number[], width: number): number[][] =>
  Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));

/** Regression on two hedges with these weights, by Cramer's rule. */
function weighted(steps: readonly Step[], weight: (step: Step, index: number) => number): [number, number] {
  let [a, b, c, u, v] = [0, 0, 0, 0, 0];
  for (const [index, step] of steps.entries()) {
    const [x, y] = step.hedges as [number, number];
    const w = weight(step, index);
    a += w * x * x;
    b += w * x * y;
    c += w * y * y;
    u += w * x * step.asset;
    v += w * y * step.asset;
  }
  return [(c * u - b * v) / (a * c - b * b), (a * v - b * u) / (a * c - b * b)];
}

const feed = (
  model: { update(t: number, e: number, a: number, h: readonly number[]): void },
  steps: readonly Step[],
) => {
  for (const { time, asset, hedges } of steps) model.update(time, HOUR, asset, hedges);
};

describe("regressions with forgetting", () => {
  it("is the reference's EWMA", () => {
    const { lambda, S0, S_T } = vectors.ewma;
    const estimate = new EwmaCovariance(4, -Math.LN2 / Math.log(lambda), rows(S0, 4));
    for (const row of rows(vectors.shrink_centered_True.X, 4)) estimate.update(1, row);
    const result = estimate.covariance()!.flat();
    for (const [k, value] of S_T.entries()) expectClose(result[k], value, 1e-9 * Math.abs(value));
  });

  it("weighs returns by age alone, in EWMA, and what was left out ages too", () => {
    const steps = simulatedReturns(500, 1, () => [1.2, -0.3]).filter((_, hour) => hour % 7 !== 3);
    const model = new EwmaBeta(2, { halfLife: 5 * DAY, clip: Number.POSITIVE_INFINITY, ridge: 0, minimum: DAY });
    feed(model, steps);
    const expected = weighted(steps, ({ time }) => 2 ** ((time - 500 * HOUR) / (5 * DAY)));
    model.betas()!.forEach((beta, j) => {
      expectClose(beta, expected[j]!, 1e-10);
    });
    const covariance = new EwmaCovariance(1, DAY);
    expect(covariance.covariance()).to.equal(null);
    covariance.update(HOUR, [0.06]);
    expectClose(covariance.covariance()![0]![0], 1e-6, 1e-18);
  });

  it("counts an outlier up to the clip", () => {
    const steps = simulatedReturns(24 * 40, 2, () => [1, 0]);
    const make = (clip: number) => new EwmaBeta(2, { halfLife: 7 * DAY, clip, ridge: 0, minimum: DAY });
    const spoiled = [...steps, { time: steps.at(-1)!.time + HOUR, asset: 1, hedges: [0.03, 0] }];
    const moved = (clip: number): number => {
      const [before, after] = [make(clip), make(clip)];
      feed(before, steps);
      feed(after, spoiled);
      return Math.abs(after.betas()![0]! - before.betas()![0]!);
    };
    expect(moved(4)).to.be.below(0.15);
    expect(moved(Number.POSITIVE_INFINITY)).to.be.above(1);
  });

  it("takes a large move that the betas explain for what it is", () => {
    const steps = simulatedReturns(
      24 * 40,
      2,
      () => [1, 0],
      () => 0.002,
    );
    const [clipped, plain] = [4, Number.POSITIVE_INFINITY].map((clip) => {
      const model = new EwmaBeta(2, { halfLife: 7 * DAY, clip, ridge: 0, minimum: DAY });
      feed(model, steps);
      const before = model.betas()![0]!;
      model.update(steps.at(-1)!.time + HOUR, HOUR, 0.1, [0.1, 0]);
      return model.betas()![0]! - before;
    });
    expectClose(clipped, plain!, 1e-9);
    expect(Math.abs(plain!)).to.be.above(1e-6);
  });

  it("shrinks by the ridge, and says nothing of hedges that cannot be told apart", () => {
    const options = { halfLife: DAY, clip: Number.POSITIVE_INFINITY, ridge: 0.25, minimum: HOUR };
    const ridged = new EwmaBeta(1, options);
    ridged.update(HOUR, HOUR, 0.02, [0.01]);
    expectClose(ridged.betas()![0], 1.6, 1e-12);
    const model = new EwmaBeta(2, { ...options, ridge: 0 });
    feed(
      model,
      simulatedReturns(200, 6, () => [1]).map((step) => ({ ...step, hedges: [step.hedges[0]!, step.hedges[0]! / 3] })),
    );
    expect(model.betas()).to.equal(null);
  });

  it("weighs by variance per second, in WLS, so that a long interval counts less", () => {
    const make = () => new WlsEwmaBeta(1, { halfLife: 1e12, varianceHalfLife: 1e12, minimum: DAY });
    const model = make();
    let time = 0;
    const step = (hours: number, beta: number) => {
      time += hours * HOUR;
      model.update(time, hours * HOUR, beta * 0.01 * Math.sqrt(hours), [0.01 * Math.sqrt(hours)]);
    };
    for (let k = 0; k < 24; k++) step(1, 1);
    // One observation each, whatever its length: half way between.
    step(1, 1);
    step(9, 2);
    expectClose(model.betas()![0], 1.5, 0.03);
  });

  it("weighs by one over the variance before, in WLS", () => {
    const steps = simulatedReturns(
      600,
      3,
      () => [0.8, 0.4],
      (hour) => (hour > 400 ? 0.05 : 0.01),
    );
    const model = new WlsEwmaBeta(2, { halfLife: 10 * DAY, varianceHalfLife: 2 * DAY, minimum: DAY });
    feed(model, steps);
    const variance: number[] = [0];
    for (const [k, { asset }] of steps.entries()) {
      const keep = 2 ** (-HOUR / (2 * DAY));
      variance.push(keep * variance[k]! + (1 - keep) * asset * asset);
    }
    const expected = weighted(steps, ({ time }, k) => {
      const known = 1 - 2 ** ((-k * HOUR) / (2 * DAY));
      return k < 24 ? 0 : (2 ** ((time - 600 * HOUR) / (10 * DAY)) * known) / variance[k]!;
    });
    model.betas()!.forEach((beta, j) => {
      expectClose(beta, expected[j]!, 1e-9);
    });
  });

  it("follows an asset that gets wilder within days, with volatilities of their own speed", () => {
    const days = 60;
    const steps = simulatedReturns(
      24 * days,
      4,
      () => [1, 0],
      () => 0.005,
    );
    const wilder = steps.map((step, hour) => (hour < 24 * (days - 8) ? step : { ...step, asset: 2 * step.asset }));
    const model = new TwoSpeedBeta(2, { volatilityHalfLife: 2 * DAY, correlationHalfLife: 30 * DAY, minimum: DAY });
    const slow = new EwmaBeta(2, { halfLife: 30 * DAY, clip: Number.POSITIVE_INFINITY, ridge: 0, minimum: DAY });
    feed(model, wilder);
    feed(slow, wilder);
    const sum = (betas: readonly number[]) => betas[0]! + betas[1]!;
    expectClose(sum(model.betas()!), 2, 0.2);
    expect(sum(slow.betas()!)).to.be.below(1.4);
  });
});

describe("volatilities and correlations of two speeds", () => {
  it("are those of clipped and standardised returns", () => {
    const steps = simulatedReturns(24 * 20, 8, () => [1.5]).filter((_, hour) => hour < 100 || hour % 50 > 3);
    const spoiled = steps.map((step, k) => (k % 101 === 100 ? { ...step, asset: 0.5 } : step));
    const model = new TwoSpeedBeta(1, { volatilityHalfLife: 3 * DAY, correlationHalfLife: 8 * DAY, minimum: DAY });
    feed(model, spoiled);

    const variance = [0, 0];
    let [yy, xy, xx] = [0, 0, 0];
    for (const [k, { time, asset, hedges }] of spoiled.entries()) {
      const since = k === 0 ? HOUR : time - spoiled[k - 1]!.time;
      const z = [asset, hedges[0]!].map((value, i) => {
        const sigma = Math.sqrt(variance[i]! * HOUR);
        const counted = k < 24 ? value : Math.max(-8 * sigma, Math.min(8 * sigma, value));
        const gain = k < 24 ? 1 / (k + 1) : 1 - 2 ** (-since / (3 * DAY));
        variance[i]! += gain * (counted ** 2 / HOUR - variance[i]!);
        return k < 24 ? 0 : Math.max(-4, Math.min(4, value / sigma));
      });
      const keep = 2 ** (-since / (8 * DAY));
      yy = keep * yy + ((1 - keep) * z[0]! * z[0]!) / since;
      xy = keep * xy + ((1 - keep) * z[0]! * z[1]!) / since;
      xx = keep * xx + ((1 - keep) * z[1]! * z[1]!) / since;
    }
    const expected = (xy / Math.sqrt(yy * xx)) * Math.sqrt(variance[0]! / variance[1]!);
    expectClose(model.betas()![0], expected, 1e-9);
  });
});

describe("the scale of residuals", () => {
  it("averages the first ones, then forgets, and caps outliers at four deviations", () => {
    const scale = new ResidualScale(DAY);
    for (let k = 1; k <= 24; k++) scale.learn(HOUR, HOUR, k % 2 ? 0.06 : 0.12);
    const variance = (0.06 ** 2 + 0.12 ** 2) / 2 / HOUR;
    expectClose(scale.variance, variance, 1e-15);
    scale.learn(DAY, HOUR, 100);
    expectClose(scale.variance, variance * (1 + 15 / 2), 1e-15);
    const fixed = new ResidualScale(Number.POSITIVE_INFINITY, 7);
    fixed.learn(DAY, HOUR, 1e6);
    expect(fixed.variance).to.equal(7);
  });
});

describe("rolling least squares", () => {
  it("is the regression over the window, whatever came before and however time runs", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 30, maxLength: 150 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 1000 }), (hours, seed) => {
        let time = 0;
        const steps = simulatedReturns(hours.length, seed, () => [1, 0.5]).map((step, k) => {
          time += hours[k]! * HOUR;
          return { ...step, time, asset: k < hours.length / 2 ? 1e9 * step.asset : step.asset };
        });
        const window = 150 * HOUR;
        const model = new RollingOlsBeta(2, window, HOUR);
        feed(model, steps);
        const inside = steps.filter((step) => step.time > time - window);
        if (inside.length < 4) return;
        const [expected, found] = [weighted(inside, () => 1), model.betas()!];
        const scale = Math.abs(expected[0]) + Math.abs(expected[1]);
        for (const j of [0, 1] as const) expectClose(found[j], expected[j], 1e-9 * scale);
      }),
    );
  });

  it("says nothing of hedges that cannot be told apart", () => {
    const model = new RollingOlsBeta(2, DAY, HOUR);
    for (let k = 1; k <= 10; k++) model.update(k * HOUR, HOUR, 0.01 * k, [0.02 * k, 0.04 * k]);
    expect(model.betas()).to.equal(null);
  });
});

describe("linear shrinkage", () => {
  it("is the reference's", () => {
    const { X, p, LW_cov, LW_delta } = vectors.shrink_centered_True;
    const { covariance, intensity } = ledoitWolf(rows(X, p));
    expectClose(intensity, LW_delta, 1e-9 * LW_delta);
    for (const [k, value] of LW_cov.entries()) expectClose(covariance.flat()[k], value, 1e-9 * Math.abs(value));
  });

  it("leaves nothing of a single row, and the trace as it is", () => {
    expectClose(ledoitWolf([[3, 4]]).intensity, 0, 0);
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }), {
          minLength: 2,
          maxLength: 20,
        }),
        (x) => {
          const { covariance, intensity } = ledoitWolf(x);
          expect(intensity).to.be.within(0, 1);
          const trace = x.reduce((sum, row) => sum + row.reduce((s, v) => s + v * v, 0), 0) / x.length;
          expectClose(covariance[0]![0]! + covariance[1]![1]! + covariance[2]![2]!, trace, 1e-12);
        },
      ),
    );
    expect(() => ledoitWolf([])).to.throw(KeeperError, "at least one row");
  });

  it("beats least squares with twelve hedges and four days", () => {
    const truth = Array.from({ length: 12 }, () => 1 / 12);
    let [shrunk, plain] = [0, 0];
    for (let seed = 1; seed <= 10; seed++) {
      const steps = simulatedReturns(
        96,
        seed,
        () => truth,
        () => 0.02,
      );
      const [a, b] = [new LedoitWolfBeta(12, 30 * DAY, DAY), new RollingOlsBeta(12, 30 * DAY, DAY)];
      feed(a, steps);
      feed(b, steps);
      shrunk += a.betas()!.reduce((sum, beta, j) => sum + (beta - truth[j]!) ** 2, 0);
      plain += b.betas()!.reduce((sum, beta, j) => sum + (beta - truth[j]!) ** 2, 0);
    }
    expect(shrunk).to.be.below(0.8 * plain);
  });

  it("forgets what has left its window", () => {
    const steps = simulatedReturns(
      24 * 20,
      5,
      (hour) => (hour < 240 ? [5, 5] : [1, 0]),
      () => 1e-5,
    );
    const model = new LedoitWolfBeta(2, 9 * DAY, DAY);
    feed(model, steps);
    const [first, second] = model.betas()!;
    expectClose(first, 1, 0.05);
    expectClose(second, 0, 0.05);
  });
});
