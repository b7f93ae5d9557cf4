/** Pivots below this share of their diagonal are taken for zero. */
const SINGULAR = 1e-10;

/**
 * Solves (A + ridge·diag A)·x = b for a symmetric positive definite A by Cholesky's decomposition, without allocating.
 *
 * @param a Row-major n×n; only its lower triangle is read
 * @param b Right-hand side, n
 * @param ridge Share of each diagonal that is added to it
 * @param factor Scratch space, n×n
 * @param x Where the solution goes, n
 * @returns False if A is singular; `x` is then untouched
 */
export function solvePositive(
  a: Float64Array,
  b: Float64Array,
  ridge: number,
  factor: Float64Array,
  x: Float64Array,
): boolean {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]! * (i === j ? 1 + ridge : 1);
      const diagonal = sum;
      for (let k = 0; k < j; k++) sum -= factor[i * n + k]! * factor[j * n + k]!;
      if (i !== j) factor[i * n + j] = sum / factor[j * n + j]!;
      else if (sum > SINGULAR * diagonal) factor[i * n + i] = Math.sqrt(sum);
      else return false;
    }
  }
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * n + k]! * x[k]!;
    x[i] = sum / factor[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= factor[k * n + i]! * x[k]!;
    x[i] = sum / factor[i * n + i]!;
  }
  return true;
}
