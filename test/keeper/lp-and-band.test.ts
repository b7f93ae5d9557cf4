import { expect } from "chai";
import fc from "fast-check";
import { edgeValues, lpGreeks, pairGreeks } from "../../keeper/src/model/lp-greeks.js";
import { bandHalfWidth, bandHorizon, bandTrigger, insideBand } from "../../keeper/src/plan/no-trade-band.js";
import { solveHedgeProgram } from "../../keeper/src/plan/program/solve-hedge-program.js";
import { expectClose } from "./expect-close.js";
import { vectors } from "./vectors.js";

function near(actual: number, expected: string | number): void {
  const value = Number(expected);
  expect(Math.abs(actual - value)).to.be.at.most(1e-9 * Math.max(1e-6, Math.abs(value)));
}

describe("liquidity greeks", () => {
  it("gives the reference values of one-factor positions", () => {
    for (const { P, L, a, b, x, y, V, delta, gamma } of vectors.lp) {
      const lp = lpGreeks({ liquidity: L, lower: a, upper: b }, P);
      near(lp.amount0, x);
      near(lp.amount1, y);
      near(lp.value, V);
      near(lp.delta, delta);
      near(lp.gamma, gamma);
    }
  });

  it("gives the reference values of a two-factor position", () => {
    const { A, E, L, pa, pb, U, dU_dA, dU_dE, U_AA, U_AE, U_EE } = vectors.lp_alt_eth;
    const pair = pairGreeks({ liquidity: L, lower: Number(pa), upper: Number(pb) }, A, E);
    near(pair.value, U);
    near(pair.gradient[0], dU_dA);
    near(pair.gradient[1], dU_dE);
    near(pair.hessian[0][0], U_AA);
    near(pair.hessian[0][1], U_AE);
    near(pair.hessian[1][1], U_EE);
  });

  it("has value in proportion to its gradient, and a dollar gamma of minus half the virtual reserve", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 1, max: 9, noNaN: true }),
        (p0, p1) => {
          const range = { liquidity: 10, lower: 0.1, upper: 1.2 };
          const { value, gradient, c } = pairGreeks(range, p0, p1);
          near(p0 * gradient[0] + p1 * gradient[1], value);
          const ratio = p0 / p1;
          near(c, ratio > 0.1 && ratio < 1.2 ? -(10 * Math.sqrt(ratio) * p1) / 2 : 0);
        },
      ),
    );
  });

  it("knows what a centred position is worth at its edges", () => {
    const range = { liquidity: 1, lower: 100 / 1.25, upper: 125 };
    const centre = lpGreeks(range, 100).value;
    near(edgeValues(1.25).lower, lpGreeks(range, 80).value / centre);
    near(edgeValues(1.25).upper, lpGreeks(range, 125).value / centre);
  });
});

describe("no-trade band", () => {
  it("gives the reference widths", () => {
    const { kappa, nu, gamma, sigma, halfwidth_prop, g_fixed, trigger_fixed_prop } = vectors.band;
    near(bandHalfWidth({ kappa, nu, gamma, sigma }), halfwidth_prop);
    near(bandTrigger({ kappa, nu, gamma, sigma }, g_fixed), trigger_fixed_prop);
  });

  it("is what a one-period program rests in, with its cost spread over the band's own time", () => {
    const inputs = { kappa: 0.0005, nu: 0.03, gamma: 10, sigma: 0.05 };
    const width = bandHalfWidth(inputs);
    expectClose(bandHorizon(inputs), inputs.kappa / (inputs.gamma * inputs.sigma ** 2 * width), 1e-12);
    const from = (current: number) =>
      solveHedgeProgram({
        ...{ exposure: [1], covariance: [[inputs.sigma ** 2]], aversion: inputs.gamma, horizon: 0.25, limits: {} },
        instruments: [
          { name: "hedge", loading: [1], side: "short", current, cost: inputs.kappa, costHorizon: bandHorizon(inputs) },
        ],
      }).positions[0];
    expect(from(-1 + 0.999 * width)).to.equal(-1 + 0.999 * width);
    expectClose(from(-0.5), -1 + width, 1e-9);
    expectClose(from(-2), -1 - width, 1e-9);
    expect(bandHorizon({ ...inputs, kappa: 0 })).to.equal(Number.POSITIVE_INFINITY);
  });

  it("rests inside, and goes to the edge or to the centre outside", () => {
    expect(insideBand(1.04, 1, 0.05, "edge")).to.equal(1.04);
    expectClose(insideBand(1.1, 1, 0.05, "edge"), 1.05, 1e-12);
    expectClose(insideBand(0.9, 1, 0.05, "edge"), 0.95, 1e-12);
    expect(insideBand(0.9, 1, 0.05, "centre")).to.equal(1);
  });
});
