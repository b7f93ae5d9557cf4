import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { KeeperError } from "../errors.js";

const MAX_CORRELATION = 0.99;
const MIN_EIGENVALUE = 1e-6;
/** Projections before Higham's algorithm is given up; it takes some tens. */
const MAX_PROJECTIONS = 5_000;
/** How far below zero an eigenvalue may be by rounding, as a share of the largest entry. */
const ROUNDING = 1e-12;
/** Largest change of an entry by one more projection where it is done, and largest asymmetry. */
const CONVERGED = 1e-12;

/**
 * How a correlation matrix that is none is mended: `clip` raises its negative eigenvalues and scales its diagonal back
 * to ones, which is one decomposition and what every plan does; `nearest` is the correlation matrix with the least
 * distance in the Frobenius norm, for studies that can wait for it.
 */
export type Repair = "clip" | "nearest";

/**
 * A usable covariance matrix from one that may not be: correlations clipped to ±0.99, made positive semidefinite where
 * they are not, the variances kept, and a ridge on the diagonal for conditioning.
 *
 * @param covariance Symmetric
 * @param ridge Share of each variance that is added to it
 */
export function repairCovariance(
  covariance: readonly (readonly number[])[],
  ridge = 0,
  repair: Repair = "clip",
): number[][] {
  const deviation = covariance.map((row, i) => Math.sqrt(Math.max(row[i]!, 1e-12)));
  const correlation = covariance.map((row, i) =>
    row.map((value, j) => {
      const raw = value / (deviation[i]! * deviation[j]!);
      return i === j ? 1 : Math.min(Math.max(raw, -MAX_CORRELATION), MAX_CORRELATION);
    }),
  );
  const repaired = repair === "clip" ? clippedCorrelation(correlation) : nearestCorrelation(correlation);
  return repaired.map((row, i) =>
    row.map((value, j) => value * deviation[i]! * deviation[j]! * (i === j ? 1 + ridge : 1)),
  );
}

/**
 * A covariance that is fit to be minimised by: as it is where it is positive semidefinite, else repaired.
 *
 * @throws KeeperError if it is not square, not symmetric or not of finite numbers, or if a variance is negative
 */
export function semidefinite(covariance: readonly (readonly number[])[]): readonly (readonly number[])[] {
  if (covariance.length === 0) return covariance;
  const size = Math.max(...covariance.flat().map(Math.abs));
  const sound = covariance.every(
    (row, i) =>
      row.length === covariance.length &&
      row[i]! >= 0 &&
      row.every((value, j) => Math.abs(value - covariance[j]![i]!) <= CONVERGED * size),
  );
  if (!sound || !Number.isFinite(size)) {
    throw new KeeperError(
      "A covariance that is none: not square, not symmetric, not finite, or with a negative variance.",
      "Look at the feeds' rounds, and at the covariance oracle if it is the chain's.",
    );
  }
  const matrix = new Matrix(covariance.map((row) => [...row]));
  const { realEigenvalues } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return realEigenvalues.every((value) => value >= -ROUNDING * size) ? covariance : repairCovariance(covariance);
}

/**
 * The nearest correlation matrix in the Frobenius norm: alternating projections onto the positive semidefinite matrices
 * and those with a unit diagonal, with Dykstra's correction (Higham 2002).
 *
 * @param matrix Symmetric
 * @returns Positive semidefinite to rounding, with ones on its diagonal
 * @throws KeeperError if it is not symmetric, not of finite numbers, or the projections do not converge
 */
export function nearestCorrelation(matrix: readonly (readonly number[])[]): number[][] {
  if (matrix.some((row, i) => row.some((value, j) => !(Math.abs(value - matrix[j]![i]!) <= CONVERGED)))) {
    throw new KeeperError("A correlation matrix that is not of finite numbers, or not symmetric.", "Mend its entries.");
  }
  let unit = new Matrix(matrix.map((row) => [...row]));
  let correction = Matrix.zeros(unit.rows, unit.columns);
  for (let projection = 0; projection < MAX_PROJECTIONS; projection++) {
    const corrected = Matrix.sub(unit, correction);
    const semidefinite = raiseEigenvalues(corrected, 0);
    correction = Matrix.sub(semidefinite, corrected);
    const next = semidefinite.clone();
    for (let i = 0; i < next.rows; i++) next.set(i, i, 1);
    const change = Matrix.sub(next, unit);
    unit = next;
    if (Math.max(change.max(), -change.min()) < CONVERGED) return withUnitDiagonal(semidefinite);
  }
  throw new KeeperError(
    `No nearest correlation matrix after ${MAX_PROJECTIONS} projections.`,
    "Clip its entries to ±1 first.",
  );
}

function clippedCorrelation(correlation: readonly (readonly number[])[]): number[][] {
  return withUnitDiagonal(raiseEigenvalues(new Matrix(correlation.map((row) => [...row])), MIN_EIGENVALUE));
}

function raiseEigenvalues(matrix: Matrix, floor: number): Matrix {
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const values = decomposition.realEigenvalues;
  if (values.every((value) => value >= floor)) return matrix;
  const vectors = decomposition.eigenvectorMatrix;
  return vectors.mmul(Matrix.diag(values.map((value) => Math.max(value, floor)))).mmul(vectors.transpose());
}

function withUnitDiagonal(matrix: Matrix): number[][] {
  const scale = matrix.diagonal().map(Math.sqrt);
  return matrix
    .to2DArray()
    .map((row, i) => row.map((value, j) => (i === j ? 1 : (value + matrix.get(j, i)) / (2 * scale[i]! * scale[j]!))));
}
