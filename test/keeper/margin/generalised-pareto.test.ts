import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { fitGeneralisedPareto, paretoQuantile } from "../../../keeper/src/model/margin/generalised-pareto.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";

const sample = (shape: number, scale: number, count: number, seed: number): number[] => {
  const { uniform } = createRandom(seed);
  const values = Array.from({ length: count }, () => paretoQuantile({ shape, scale }, uniform()));
  return values.sort((a, b) => b - a);
};

describe("generalised Pareto tail", () => {
  it("has the quantile of peaks over threshold", () => {
    const [shape, scale, p, share] = [0.19, 0.05, 0.001, 0.05];
    const byFormula = (scale / shape) * ((p / share) ** -shape - 1);
    expectClose(paretoQuantile({ shape, scale }, p / share), byFormula, 1e-14);
    expectClose(paretoQuantile({ shape: 0, scale }, 0.5), scale * Math.LN2, 1e-14);
    expectClose(paretoQuantile({ shape: 1e-7, scale }, 0.5) / (scale * Math.LN2), 1, 1e-6);
  });

  it("finds shape and scale again", () => {
    for (const shape of [-0.3, 0, 0.2, 0.4]) {
      const fit = fitGeneralisedPareto(sample(shape, 0.03, 40_000, 5));
      expect(fit.shape, `shape ${shape}`).to.be.closeTo(shape, 0.04);
      expect(fit.scale / 0.03, `scale at ${shape}`).to.be.closeTo(1, 0.04);
    }
  });

  it("follows the exact moments of a uniform sample, and takes a weight for a repetition", () => {
    // X uniform on (0, 1): a0 = 1/2, a1 = 1/6, so ξ = −1 and β = 1.
    const even = Array.from({ length: 20_000 }, (_, i) => 1 - (i + 0.5) / 20_000);
    const { shape, scale } = fitGeneralisedPareto(even);
    expectClose(shape, -1, 1e-6);
    expectClose(scale, 1, 1e-6);
    const weighted = fitGeneralisedPareto([0.4, 0.2, 0.1], [1, 1, 2]);
    const doubled = fitGeneralisedPareto([0.4, 0.2, 0.1], [10, 10, 20]);
    expect(doubled.shape).to.be.closeTo(weighted.shape, 1e-12);
    expect(weighted.shape).to.not.be.closeTo(fitGeneralisedPareto([0.4, 0.2, 0.1]).shape, 0.01);
  });

  it("refuses what is no tail", () => {
    expect(() => fitGeneralisedPareto([0.1, 0.2])).to.throw(KeeperError, "largest down");
    expect(() => fitGeneralisedPareto([0.2, 0.2, 0.2])).to.throw(KeeperError, "longer history");
    expect(() => fitGeneralisedPareto([])).to.throw(KeeperError, "longer history");
    expect(() => fitGeneralisedPareto([0.2, Number.NaN])).to.throw(KeeperError, "largest down");
  });
});
