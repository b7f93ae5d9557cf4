/**
 * Variance of a mean under autocorrelation, with Bartlett weights (Newey & West 1987).
 *
 * @param values In the order of time
 * @param lag Last autocovariance that counts
 */
export function varianceOfMean(values: ArrayLike<number>, lag: number): number {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let total = 0;
  for (let k = 0; k <= Math.min(lag, n - 1); k++) {
    let covariance = 0;
    for (let i = k; i < n; i++) covariance += (values[i]! - mean) * (values[i - k]! - mean);
    total += ((k === 0 ? 1 : 2 * (1 - k / (lag + 1))) * covariance) / n;
  }
  return total / n;
}
