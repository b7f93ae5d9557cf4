import { expect } from "chai";
import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { KeeperError } from "../../keeper/src/errors.js";
import { nearestCorrelation, repairCovariance, semidefinite } from "../../keeper/src/model/psd.js";
import { expectClose } from "./expect-close.js";

type Rows = readonly (readonly number[])[];

const SIZE = 4;
const eigenvalues = (matrix: Rows): number[] =>
  new EigenvalueDecomposition(new Matrix(matrix.map((row) => [...row])), { assumeSymmetric: true }).realEigenvalues;
const distance = (a: Rows, b: Rows): number => Matrix.sub(a as number[][], b as number[][]).norm("frobenius");

function expectMatrix(found: Rows, expected: Rows, tolerance: number): void {
  for (const [i, row] of expected.entries()) {
    for (const [j, value] of row.entries()) expectClose(found[i]![j], value, tolerance);
  }
}

/** Symmetric with a unit diagonal; mostly indefinite. */
const symmetric = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: SIZE ** 2, maxLength: SIZE ** 2 })
  .map((values) =>
    Array.from({ length: SIZE }, (_, i) =>
      Array.from({ length: SIZE }, (__, j) => (i === j ? 1 : values[Math.min(i, j) * SIZE + Math.max(i, j)]!)),
    ),
  );

describe("repair of covariances", () => {
  it("is positive semidefinite, with its variances kept, by either way", () => {
    const variances = fc.array(fc.double({ min: 0.1, max: 3, noNaN: true }), { minLength: SIZE, maxLength: SIZE });
    fc.assert(
      fc.property(symmetric, variances, fc.constantFrom("clip" as const, "nearest" as const), (matrix, scale, way) => {
        const raw = matrix.map((row, i) => row.map((value, j) => value * Math.sqrt(scale[i]! * scale[j]!)));
        const repaired = repairCovariance(raw, 0, way);
        for (const value of eigenvalues(repaired)) expect(value).to.be.at.least(-1e-9);
        repaired.forEach((row, i) => {
          expectClose(row[i], raw[i]![i]!, 1e-9);
        });
        expect(repairCovariance(raw, 0.1, way)[0]![0]! / repaired[0]![0]!).to.be.within(1.1 - 1e-9, 1.1 + 1e-9);
      }),
    );
  });

  it("clips correlations that are beyond one, and leaves alone what is in order", () => {
    expectClose(
      repairCovariance([
        [4, 3],
        [3, 1],
      ])[0]![1],
      1.98,
      1e-12,
    );
    const fine = [
      [4, 1, 0.5],
      [1, 1, 0.2],
      [0.5, 0.2, 9],
    ];
    expectMatrix(repairCovariance(fine), fine, 1e-12);
    expectMatrix(repairCovariance(fine, 0, "nearest"), fine, 1e-9);
  });

  it("finds the nearest correlation matrices of Higham's examples", () => {
    const small = [
      [1, 1, 0],
      [1, 1, 1],
      [0, 1, 1],
    ];
    const nearest = [
      [1, 0.7607, 0.1573],
      [0.7607, 1, 0.7607],
      [0.1573, 0.7607, 1],
    ];
    expectMatrix(nearestCorrelation(small), nearest, 5e-5);
    const tridiagonal = Array.from({ length: 4 }, (_, i) =>
      Array.from({ length: 4 }, (__, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
    );
    const published = [
      [1, -0.8084, 0.1916, 0.1068],
      [-0.8084, 1, -0.6562, 0.1916],
      [0.1916, -0.6562, 1, -0.8084],
      [0.1068, 0.1916, -0.8084, 1],
    ];
    expectMatrix(nearestCorrelation(tridiagonal), published, 5e-5);
  });

  it("repairs by the nearest where it is asked to, which the clip is not", () => {
    const matrix = [
      [1, 0.9, 0],
      [0.9, 1, 0.9],
      [0, 0.9, 1],
    ];
    expectMatrix(repairCovariance(matrix, 0, "nearest"), nearestCorrelation(matrix), 1e-12);
    const clipped = distance(repairCovariance(matrix), matrix);
    expect(clipped).to.be.above(1.001 * distance(nearestCorrelation(matrix), matrix));
  });

  it("gives a correlation matrix, itself for one, and none that the clip or a step aside betters", () => {
    fc.assert(
      fc.property(symmetric, symmetric, (matrix, other) => {
        const nearest = nearestCorrelation(matrix);
        for (const value of eigenvalues(nearest)) expect(value).to.be.at.least(-1e-9);
        for (const [i, row] of nearest.entries()) expect(row[i]).to.equal(1);
        expectMatrix(nearestCorrelation(nearest), nearest, 1e-7);
        const least = distance(nearest, matrix);
        expect(least).to.be.at.most(distance(repairCovariance(matrix), matrix) + 1e-7);
        const towards = nearestCorrelation(other);
        for (const share of [0.01, 0.3]) {
          const aside = nearest.map((row, i) => row.map((value, j) => value + share * (towards[i]![j]! - value)));
          expect(least).to.be.at.most(distance(aside, matrix) + 1e-7);
        }
      }),
    );
  });

  it("refuses what is no symmetric matrix of numbers", () => {
    for (const entries of [
      [Number.NaN, Number.NaN],
      [0.5, 0.4],
    ] as const) {
      const [upper, lower] = entries;
      const matrix = [
        [1, upper],
        [lower, 1],
      ];
      expect(() => nearestCorrelation(matrix)).to.throw(KeeperError, "finite");
    }
  });

  it("leaves what is positive semidefinite as it is, mends what is not, and refuses what is no covariance", () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const result = semidefinite(matrix);
        for (const value of eigenvalues(result)) expect(value).to.be.at.least(-1e-9);
        if (Math.min(...eigenvalues(matrix)) >= 0) expect(result).to.equal(matrix);
      }),
    );
    const together = [
      [1, 1],
      [1, 1],
    ];
    expect(semidefinite(together), "of rank one").to.equal(together);
    expect(semidefinite([])).to.deep.equal([]);
    for (const wrong of [
      [[1, 0]],
      [[Number.NaN]],
      [[-1]],
      [
        [1, 0.2],
        [0.1, 1],
      ],
    ]) {
      expect(() => semidefinite(wrong)).to.throw(KeeperError, "Look at the feeds' rounds");
    }
  });
});
