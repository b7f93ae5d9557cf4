import { expect } from "chai";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { KeeperError } from "../../../keeper/src/errors.js";
import { betas } from "../../../keeper/src/model/beta.js";
import { stressCovariance } from "../../../keeper/src/model/stress/stress-covariance.js";
import { expectClose } from "../expect-close.js";
import { SIGMA, USDC, WBTC, WETH } from "../situation.js";

const MARKET = { stable: [true, false, false, false], hedges: [WETH, WBTC] };

/** A·A' of any matrix is positive semidefinite; variances from nearly nothing to a lot. */
const covariances = fc
  .array(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), {
    minLength: 4,
    maxLength: 4,
  })
  .map((rows) => {
    const a = new Matrix(rows);
    return a.mmul(a.transpose()).add(Matrix.eye(4).mul(1e-4)).to2DArray();
  });

const least = (matrix: readonly (readonly number[])[]): number =>
  Math.min(
    ...new EigenvalueDecomposition(new Matrix(matrix.map((row) => [...row])), { assumeSymmetric: true })
      .realEigenvalues,
  );
const correlation = (matrix: readonly (readonly number[])[], i: number, j: number): number =>
  matrix[i]![j]! / Math.sqrt(matrix[i]![i]! * matrix[j]![j]!);

describe("stress of a covariance", () => {
  it("stays positive semidefinite, with the same variances, for any weight towards one or zero", () => {
    fc.assert(
      fc.property(
        covariances,
        fc.constantFrom("one" as const, "zero" as const),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (covariance, towards, weight) => {
          const stressed = stressCovariance(covariance, { kind: "correlation", towards, weight }, MARKET);
          expect(least(stressed)).to.be.above(-1e-12 * new Matrix(covariance).trace());
          stressed.forEach((row, i) => {
            expect(row[i]).to.equal(covariance[i]![i]);
          });
        },
      ),
    );
  });

  it("goes all the way to one and to zero, and by a quarter to a quarter of the way", () => {
    const at = (towards: "one" | "zero", weight: number) =>
      stressCovariance(SIGMA, { kind: "correlation", towards, weight }, MARKET);
    expectClose(correlation(at("one", 1), 1, WETH), 1, 1e-12);
    expectClose(correlation(at("zero", 1), 1, WETH), 0, 1e-12);
    expectClose(correlation(at("one", 0.25), 1, WETH), 0.75 * 0.8 + 0.25, 1e-12);
    expectClose(correlation(at("zero", 0.25), WETH, WBTC), 0.75 * 0.85, 1e-12);
    expect(at("one", 1)[USDC]![WETH], "a stable asset has no part in it").to.equal(0);
    expect(at("one", 0)).to.deep.equal(SIGMA);
  });

  it("scales the betas of what is no hedge, and keeps the hedges and what they do not explain", () => {
    fc.assert(
      fc.property(covariances, fc.double({ min: 0.2, max: 3, noNaN: true }), (covariance, factor) => {
        const hedges = [2, 3];
        const stressed = stressCovariance(covariance, { kind: "betas", factor }, { ...MARKET, hedges });
        const [before, after] = [betas(covariance, hedges), betas(stressed, hedges)];
        for (const j of [0, 1])
          expectClose(after[1]![j], factor * before[1]![j]!, 1e-6 * (1 + Math.abs(after[1]![j]!)));
        expect(stressed[2]).to.satisfy((row: number[]) => row[2] === covariance[2]![2] && row[3] === covariance[2]![3]);
        const own = (sigma: readonly (readonly number[])[], beta: readonly number[]) =>
          sigma[1]![1]! - beta.reduce((sum, b, j) => sum + b * sigma[1]![hedges[j]!]!, 0);
        expectClose(own(stressed, after[1]!), own(covariance, before[1]!), 1e-6);
        expect(least(stressed)).to.be.above(-1e-9 * new Matrix(stressed).trace());
      }),
    );
  });

  it("scales all volatilities, and refuses what is no stress", () => {
    const doubled = stressCovariance(SIGMA, { kind: "volatility", factor: 2 }, MARKET);
    expectClose(Math.sqrt(doubled[WETH]![WETH]!), 1.6, 1e-12);
    expectClose(correlation(doubled, 1, WBTC), 0.75, 1e-12);
    const stress = (weight: number) => () =>
      stressCovariance(SIGMA, { kind: "correlation", towards: "one", weight }, MARKET);
    expect(stress(1.01)).to.throw(KeeperError, "1.01");
    expect(stress(Number.NaN)).to.throw(KeeperError, "NaN");
    for (const kind of ["betas", "volatility"] as const) {
      expect(() => stressCovariance(SIGMA, { kind, factor: 0 }, MARKET)).to.throw(KeeperError, "above zero");
    }
  });
});
