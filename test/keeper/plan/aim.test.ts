import { expect } from "chai";
import fc from "fast-check";
import { aimInFront, tradeTowards, tradingRate } from "../../../keeper/src/plan/aim.js";
import { expectClose } from "../expect-close.js";
import { vectors } from "../vectors.js";
import { number } from "./programs.js";

describe("aim in front of the target", () => {
  it("gives the reference trading rate", () => {
    const { gamma, lambda, rho, a } = vectors.gp;
    expectClose(tradingRate({ gamma, lambda, rho }), a, 1e-9 * a);
  });

  it("trades at the rate of the dynamic programme's fixed point, without and with discount", () => {
    fc.assert(
      fc.property(number(0.1, 5), number(0.1, 50), number(0, 0.2), (gamma, lambda, rho) => {
        // A position x pays ½γx² a period and a trade ½λ(trade)²: iterate the Riccati equation of −½Ax².
        let A = 0;
        for (let i = 0; i < 20_000; i++) A = lambda - (lambda * lambda) / ((1 - rho) * (gamma + A) + lambda);
        const kept = lambda / ((1 - rho) * (gamma + A) + lambda);
        expectClose(tradeTowards([1], [0], { gamma, lambda, rho })[0], kept, 1e-9);
      }),
      { seed: 11 },
    );
  });

  it("aims between the mean and the target, nearer to the mean the faster it returns", () => {
    const inputs = { gamma: 1, lambda: 20, rho: 0.02 };
    expect(aimInFront([1.4, 0.2], [1, 0.5], 0, inputs)).to.deep.equal([1.4, 0.2]);
    const { a } = vectors.gp;
    expectClose(aimInFront([1.4], [1], 0.03, inputs)[0], 1 + 0.4 / (1 + 0.03 * a), 1e-9);
    const [slow, fast] = [0.02, 0.5].map((speed) => aimInFront([1.4], [1], speed, inputs)[0]!) as [number, number];
    expect(fast).to.be.within(1, slow);
    expect(slow).to.be.below(1.4);
  });
});
