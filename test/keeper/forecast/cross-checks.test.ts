import { expect } from "chai";
import { HarBeta } from "../../../keeper/src/model/forecast/har.js";
import { METHODS } from "../../../keeper/src/model/forecast/methods.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";
import { cdccCorrelations, garchVariances, gaussianLogLikelihood } from "../support/cdcc.js";
import { realisedKernel, refreshTimes } from "../support/realised-kernel.js";
import { DAY, HOUR, simulatedReturns } from "../support/simulated-returns.js";
import { vectors } from "../vectors.js";

describe("what the models are checked against", () => {
  it("is the reference's GARCH likelihood, greatest at the reference's fit", () => {
    const { x, params, loglik } = vectors.garch_fit;
    const at = (p: readonly number[]) => gaussianLogLikelihood(x, garchVariances(x, p[0]!, p[1]!, p[2]!));
    expectClose(at(params), loglik, 1e-9 * Math.abs(loglik));
    for (const k of [0, 1, 2]) {
      for (const factor of [0.98, 1.02]) {
        expect(at(params.map((value, i) => (i === k ? factor * value : value)))).to.be.below(loglik);
      }
    }
  });

  it("is the reference's realised kernel", () => {
    const { tx, x, ty, y, refresh, RT_RC, MRK_parzen_H4 } = vectors.async;
    const series = [
      { times: tx, values: x },
      { times: ty, values: y },
    ];
    expect(refreshTimes(series)).to.deep.equal(refresh);
    for (const [bandwidth, expected] of [
      [0, RT_RC],
      [4, MRK_parzen_H4],
    ] as const) {
      const found = realisedKernel(series, bandwidth).flat();
      for (const [k, value] of expected.entries()) expectClose(found[k], value, 1e-9 * Math.abs(value));
    }
  });
});

describe("models against a corrected DCC", () => {
  it("see the same betas where volatilities and the correlation wander", () => {
    const draw = seededNormals(7);
    const truth: number[] = [];
    const [xs, ys]: [number[], number[]] = [[], []];
    let [vx, vy] = [1, 1];
    for (let hour = 0; hour < 24 * 200; hour++) {
      const correlation = 0.6 + 0.3 * Math.sin((2 * Math.PI * hour) / (24 * 50));
      const z = draw();
      const x = Math.sqrt(vx) * z;
      const y = Math.sqrt(vy) * (correlation * z + Math.sqrt(1 - correlation ** 2) * draw());
      truth.push(correlation * Math.sqrt(vy / vx));
      vx = 0.02 + 0.02 * x * x + 0.96 * vx;
      vy = 0.02 + 0.02 * y * y + 0.96 * vy;
      xs.push(x);
      ys.push(y);
    }
    const [sx, sy] = [garchVariances(xs, 0.02, 0.02, 0.96), garchVariances(ys, 0.02, 0.02, 0.96)];
    const z = xs.map((x, t) => [x / Math.sqrt(sx[t]!), ys[t]! / Math.sqrt(sy[t]!)] as const);
    const dcc = cdccCorrelations(z, 0.01, 0.985, 0.6).map((rho, t) => rho * Math.sqrt(sy[t]! / sx[t]!));
    for (const name of ["kalman", "kalman-multi-speed", "ewma-3d", "experts"]) {
      const model = METHODS[name]!(1);
      let [distance, spread, own] = [0, 0, 0];
      for (const [t, y] of ys.entries()) {
        if (t > 24 * 60 && t % 24 === 0) {
          const beta = model.betas()![0]!;
          distance += (beta - dcc[t]!) ** 2;
          spread += (dcc[t]! - 0.6) ** 2;
          own += (beta - truth[t]!) ** 2;
        }
        model.update((t + 1) * HOUR, HOUR, 0.01 * y, [0.01 * xs[t]!]);
      }
      expect(distance, `${name} against cDCC`).to.be.below(spread);
      expect(own, `${name} against the truth`).to.be.below(spread);
    }
  });
});

describe("HAR", () => {
  it("finds the beta of a day to come where days go by their predecessors", () => {
    const draw = seededNormals(8);
    let state = 0;
    const betas = Array.from({ length: 400 }, () => {
      state = 0.95 * state + 0.1 * draw();
      return 1 + state;
    });
    const steps = simulatedReturns(
      24 * 400,
      9,
      (hour) => [betas[Math.floor(hour / 24)]!],
      () => 0.004,
    );
    const model = new HarBeta(1);
    let [missed, missedByMean] = [0, 0];
    for (const { time, asset, hedges } of steps) {
      if ((time - HOUR) % DAY === 0 && time > 200 * DAY) {
        const next = betas[(time - HOUR) / DAY]!;
        missed += (model.betas()![0]! - next) ** 2;
        missedByMean += (1 - next) ** 2;
      }
      model.update(time, HOUR, asset, hedges);
    }
    expect(missed).to.be.below(0.44 * missedByMean);
  });

  it("leaves out days of which little is known or on which nothing moved", () => {
    const steps = simulatedReturns(24 * 80, 10, () => [1]);
    const [all, gaps] = [new HarBeta(1), new HarBeta(1)];
    for (const { time, asset, hedges } of steps.slice(0, 24 * 70)) all.update(time, HOUR, asset, hedges);
    for (const { time, asset, hedges } of steps.slice(0, 24 * 70)) gaps.update(time, HOUR, asset, hedges);
    const before = gaps.betas();
    for (const { time, asset, hedges } of steps.slice(24 * 70, 24 * 70 + 11)) gaps.update(time, HOUR, asset, hedges);
    for (let hour = 24 * 71; hour < 24 * 72; hour++) gaps.update((hour + 1) * HOUR, HOUR, 0, [0]);
    expect(gaps.betas()).to.deep.equal(before);
    for (const { time, asset, hedges } of steps.slice(24 * 72, 24 * 73)) gaps.update(time, HOUR, asset, hedges);
    expect(gaps.betas()).to.not.deep.equal(before);
    expect(all.betas()).to.deep.equal(before);
  });
});
