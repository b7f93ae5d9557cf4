import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { aimWeight, tradingRate } from "../../../keeper/src/model/forecast/aim.js";
import { expectClose } from "../expect-close.js";
import { number } from "../plan/programs.js";
import { vectors } from "../vectors.js";

describe("aim in front of the target", () => {
  it("gives the reference trading rate", () => {
    const { gamma, lambda, rho, a } = vectors.gp;
    expectClose(tradingRate({ gamma, lambda, rho }), a, 1e-9 * a);
    expectClose(aimWeight(0.03, { gamma, lambda, rho }), 1 / (1 + (0.03 * a) / gamma), 1e-9);
  });

  it("is the best policy of the dynamic programme, without and with discount", () => {
    fc.assert(
      fc.property(number(0.1, 5), number(0.1, 50), number(0, 0.2), number(0, 1), (gamma, lambda, rho, reversion) => {
        // Position x, target f: −½Ax² + Bxf is worth what is to come; a period pays ½γ(x − f)² and a trade ½λ(trade)². Iterate.
        let [A, B] = [0, 0];
        const left = 1 - rho;
        for (let i = 0; i < 20_000; i++) {
          const steep = left * (gamma + A) + lambda;
          const pull = left * (gamma + (1 - reversion) * B);
          [A, B] = [lambda - (lambda * lambda) / steep, (lambda * pull) / steep];
        }
        const steep = left * (gamma + A) + lambda;
        const traded = 1 - lambda / steep;
        expectClose(tradingRate({ gamma, lambda, rho }) / lambda, traded, 1e-9);
        const towards = (left * (gamma + (1 - reversion) * B)) / steep;
        expectClose(aimWeight(reversion, { gamma, lambda, rho }), towards / traded, 1e-8);
      }),
      { seed: 11 },
    );
  });

  it("is the target where that lasts or trading is free, and the less of it the sooner it is gone", () => {
    const inputs = { gamma: 1, lambda: 20, rho: 0.02 };
    expect(aimWeight(0, inputs)).to.equal(1);
    expect(aimWeight(0.3, { ...inputs, lambda: 0 })).to.equal(1);
    const [slow, fast] = [0.02, 0.5].map((reversion) => aimWeight(reversion, inputs)) as [number, number];
    expect(fast).to.be.within(0, slow);
    expect(slow).to.be.below(1);
  });

  it("refuses what makes no sense", () => {
    for (const wrong of [{ gamma: 0 }, { lambda: -1 }, { rho: 1 }, { rho: Number.NaN }]) {
      expect(() => tradingRate({ gamma: 1, lambda: 2, rho: 0, ...wrong })).to.throw(KeeperError, "Give γ > 0");
    }
  });
});
