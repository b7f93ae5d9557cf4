import { expect } from "chai";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { KeeperError } from "../../keeper/src/errors.js";
import { betas } from "../../keeper/src/model/beta.js";
import { covarianceWithBetas } from "../../keeper/src/model/covariance-with-betas.js";
import { repairCovariance } from "../../keeper/src/model/psd.js";
import { expectClose } from "./expect-close.js";

const SIZE = 5;
type Rows = readonly (readonly number[])[];

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const list = (length: number, min: number, max: number) =>
  fc.array(number(min, max), { minLength: length, maxLength: length });

/** As the forecaster makes estimates: repaired, with a ridge. Volatilities of 3% to 300%. */
const estimates = fc.tuple(list(SIZE * SIZE, -1, 1), list(SIZE, 0.03, 3)).map(([entries, deviations]) => {
  const factors = Array.from({ length: SIZE }, (_, i) => entries.slice(i * SIZE, (i + 1) * SIZE));
  const gram = factors.map((row, i) =>
    factors.map(
      (other, j) =>
        (row.reduce((sum, value, k) => sum + value * other[k]!, 0) + (i === j ? 0.01 : 0)) *
        deviations[i]! *
        deviations[j]!,
    ),
  );
  return repairCovariance(gram, 0.01);
});
const hedgeSets = fc.uniqueArray(fc.integer({ min: 0, max: SIZE - 1 }), { maxLength: SIZE });
/** By asset, then as many hedges as there may be; null for some. */
const learnedBetas = fc.array(fc.option(list(SIZE, -3, 3), { freq: 3 }), { minLength: SIZE, maxLength: SIZE });

const eigenvalues = (matrix: Rows): number[] =>
  new EigenvalueDecomposition(new Matrix(matrix.map((row) => [...row])), { assumeSymmetric: true }).realEigenvalues;
const largest = (matrix: Rows): number => Math.max(...matrix.flat().map(Math.abs));
/** Σ_AA − Σ_AH·Σ_HH⁻¹·Σ_HA, entry by entry. */
const residual = (matrix: Rows, hedges: readonly number[], i: number, j: number): number =>
  betas(matrix, hedges)[i]!.reduce((sum, beta, h) => sum - beta * matrix[hedges[h]!]![j]!, matrix[i]![j]!);

describe("covariance with learned betas", () => {
  it("has these betas, the hedges and residuals of the estimate, and is positive semidefinite", () => {
    fc.assert(
      fc.property(estimates, hedgeSets, learnedBetas, (estimate, hedges, drawn) => {
        const learned = drawn.map((row) => row?.slice(0, hedges.length) ?? null);
        const result = covarianceWithBetas(estimate, hedges, learned);
        const scale = Math.max(largest(estimate), largest(result));
        for (const value of eigenvalues(result)) expect(value).to.be.at.least(-1e-12 * scale);
        result.forEach((row, i) => {
          row.forEach((value, j) => {
            expectClose(value, result[j]![i]!, 1e-15 * scale);
            if (hedges.includes(i) && hedges.includes(j)) expect(value).to.equal(estimate[i]![j]);
          });
        });
        if (hedges.length === 0) return;
        const [found, own] = [betas(result, hedges), betas(estimate, hedges)];
        for (let i = 0; i < SIZE; i++) {
          if (hedges.includes(i)) continue;
          const expected = learned[i] ?? own[i]!;
          expected.forEach((beta, h) => {
            expectClose(found[i]![h], beta, 1e-9 * Math.max(1, ...expected.map(Math.abs)));
          });
          for (let j = 0; j < SIZE; j++) {
            if (hedges.includes(j)) continue;
            expectClose(residual(result, hedges, i, j), residual(estimate, hedges, i, j), 1e-9 * scale);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is the estimate with the estimate's own betas, and where none are learned", () => {
    fc.assert(
      fc.property(estimates, hedgeSets, (estimate, hedges) => {
        const same = covarianceWithBetas(estimate, hedges, betas(estimate, hedges));
        const scale = largest(estimate);
        same.forEach((row, i) => {
          row.forEach((value, j) => {
            expectClose(value, estimate[i]![j]!, 1e-12 * scale);
          });
        });
        const unknown = new Array<null>(SIZE).fill(null);
        expect(covarianceWithBetas(estimate, hedges, unknown)).to.deep.equal(estimate);
      }),
    );
  });

  it("is what the formula says, by hand", () => {
    const estimate = [
      [1, 0.3, 0.4],
      [0.3, 2, 0.2],
      [0.4, 0.2, 0.5],
    ];
    // On the third: betas 0.8 and 0.4, residual variances 0.68 and 1.92, residual covariance 0.14.
    const found = covarianceWithBetas(estimate, [2], [[1.2], null, [1]]);
    const expected = [
      [1.2 * 1.2 * 0.5 + 0.68, 1.2 * 0.4 * 0.5 + 0.14, 0.6],
      [1.2 * 0.4 * 0.5 + 0.14, 2, 0.2],
      [0.6, 0.2, 0.5],
    ];
    expected.forEach((row, i) => {
      row.forEach((value, j) => {
        expectClose(found[i]![j], value, 1e-12);
      });
    });
  });

  it("refuses betas that are not finite, or not one for each hedge", () => {
    const unit = [
      [1, 0],
      [0, 1],
    ];
    expect(() => covarianceWithBetas(unit, [1], [[Number.NaN], null])).to.throw(KeeperError, "finite");
    expect(() => covarianceWithBetas(unit, [1], [[1, 2], null])).to.throw(KeeperError, "for each hedge");
  });
});
