import { EigenvalueDecomposition, Matrix } from "ml-matrix";

const BISECTIONS = 200;

/**
 * The hedge ratios nearest to the expected ones, in hedged variance, with which the hedged position is no worse than the unhedged one for any
 * true ratios within z posterior deviations: h'Σh ≤ 2β'Σh for all β with (β−m)'S⁻¹(β−m) ≤ z². With one hedge that is
 * h = min(m, 2(m − z·s))⁺ for a positive m, and its mirror image for a negative one. Zero as soon as z reaches √(m'S⁻¹m).
 *
 * Minimising (m−h)'Σ(m−h) under that one convex constraint leaves a curve with one parameter: in coordinates in which Σ is the identity,
 * g_i = μ_i/(1 + c·q_i) along the eigenvectors of the posterior covariance; the least c that keeps the constraint is the solution.
 *
 * @param mean m: expected ratios, by hedge
 * @param posterior S: their covariance
 * @param covariance Σ of the hedges' returns
 * @param z Posterior deviations to be safe against
 */
export function doNoHarm(
  mean: readonly number[],
  posterior: readonly (readonly number[])[],
  covariance: readonly (readonly number[])[],
  z: number,
): number[] {
  if (mean.length === 0) return [];
  const { root, inverse } = roots(covariance);
  const doubt = new EigenvalueDecomposition(root.mmul(new Matrix(posterior as number[][])).mmul(root), {
    assumeSymmetric: true,
  });
  const q = doubt.realEigenvalues.map((value) => Math.max(0, value));
  const mu = doubt.eigenvectorMatrix
    .transpose()
    .mmul(root.mmul(Matrix.columnVector(mean as number[])))
    .to1DArray();
  const along = (c: number): number[] => mu.map((value, i) => value / (1 + c * q[i]!));
  /** How much worse than unhedged the worst case is, relative to the size of the hedge. */
  const harm = (g: readonly number[]): number => {
    const size = g.reduce((sum, value) => sum + value * value, 0);
    const spread = Math.sqrt(g.reduce((sum, value, i) => sum + q[i]! * value * value, 0));
    return size / 2 + z * spread - g.reduce((sum, value, i) => sum + value * mu[i]!, 0);
  };
  if (harm(mu) <= 0) return [...mean];
  const certain = mu.reduce((sum, value, i) => (value === 0 ? sum : sum + (value * value) / q[i]!), 0);
  if (z * z >= certain) return mean.map(() => 0);
  let [low, high] = [0, 1 / Math.max(...q)];
  while (harm(along(high)) > 0) [low, high] = [high, 2 * high];
  for (let i = 0; i < BISECTIONS && high - low > 1e-16 * high; i++) {
    const middle = (low + high) / 2;
    if (harm(along(middle)) > 0) low = middle;
    else high = middle;
  }
  return inverse.mmul(doubt.eigenvectorMatrix.mmul(Matrix.columnVector(along(high)))).to1DArray();
}

/** The symmetric square root of a positive definite matrix, and its inverse. */
function roots(matrix: readonly (readonly number[])[]): { root: Matrix; inverse: Matrix } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(matrix as number[][]), {
    assumeSymmetric: true,
  });
  const power = (exponent: number): Matrix =>
    eigenvectorMatrix
      .mmul(Matrix.diag(realEigenvalues.map((value) => Math.max(value, Number.MIN_VALUE) ** exponent)))
      .mmul(eigenvectorMatrix.transpose());
  return { root: power(0.5), inverse: power(-0.5) };
}
