import { betas } from "../../model/beta.js";

/**
 * Ordinary least squares without intercept.
 *
 * @param y Observations
 * @param xs Regressors, each of the same rows
 * @returns Coefficients by regressor; of the shortest solution where the regressors are collinear
 */
export function leastSquares(y: ArrayLike<number>, xs: readonly ArrayLike<number>[]): number[] {
  const all = [y, ...xs];
  const moments = all.map((a) => all.map((b) => dot(a, b)));
  return betas(
    moments,
    xs.map((_, j) => j + 1),
  )[0]!;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
