import { EigenvalueDecomposition, Matrix } from "ml-matrix";

const MAX_CORRELATION = 0.99;

/**
 * A usable covariance matrix from one that may not be: correlations clipped to ±0.99, negative eigenvalues raised to a small
 * positive floor, the variances kept, and a ridge on the diagonal for conditioning.
 *
 * @param covariance Symmetric
 * @param ridge Share of each variance that is added to it
 */
export function repairCovariance(covariance: readonly (readonly number[])[], ridge = 0): number[][] {
  const size = covariance.length;
  const deviation = covariance.map((row, i) => Math.sqrt(Math.max(row[i]!, 1e-12)));
  const correlation = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const raw = covariance[i]![j]! / (deviation[i]! * deviation[j]!);
      correlation.set(i, j, i === j ? 1 : Math.min(Math.max(raw, -MAX_CORRELATION), MAX_CORRELATION));
    }
  }
  const repaired = clipEigenvalues(correlation, 1e-6);
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const value = repaired.get(i, j) / Math.sqrt(repaired.get(i, i) * repaired.get(j, j));
      return value * deviation[i]! * deviation[j]! * (i === j ? 1 + ridge : 1);
    }),
  );
}

function clipEigenvalues(matrix: Matrix, floor: number): Matrix {
  const decomposition = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const values = decomposition.realEigenvalues;
  if (values.every((value) => value >= floor)) return matrix;
  const vectors = decomposition.eigenvectorMatrix;
  return vectors.mmul(Matrix.diag(values.map((value) => Math.max(value, floor)))).mmul(vectors.transpose());
}
