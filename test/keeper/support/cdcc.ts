/** Variances of a zero-mean GARCH(1,1) (Bollerslev 1986), begun at the backcast of the first 75 squares. */
export function garchVariances(x: readonly number[], omega: number, alpha: number, beta: number): number[] {
  const head = x.slice(0, 75);
  const weights = head.map((_, k) => 0.94 ** k);
  const backcast = head.reduce((sum, v, k) => sum + weights[k]! * v * v, 0) / weights.reduce((a, b) => a + b, 0);
  const variances: number[] = [];
  let variance = omega + (alpha + beta) * backcast;
  for (const value of x) {
    variances.push(variance);
    variance = omega + alpha * value * value + beta * variance;
  }
  return variances;
}

/** Gaussian log-likelihood of values with these variances. */
export function gaussianLogLikelihood(x: readonly number[], variances: readonly number[]): number {
  return x.reduce((sum, v, t) => sum - 0.5 * (Math.log(2 * Math.PI * variances[t]!) + (v * v) / variances[t]!), 0);
}

/**
 * Correlations of two series of standardised returns, each before its own time, by the corrected DCC filter with fixed a and b
 * (Aielli 2013): Q ← (1−a−b)·S + a·z*z*' + b·Q with z* = diag(Q)^½·z.
 *
 * @param target S's correlation
 */
export function cdccCorrelations(
  z: readonly (readonly [number, number])[],
  a: number,
  b: number,
  target: number,
): number[] {
  let [q11, q22, q12] = [1, 1, target];
  return z.map(([z1, z2]) => {
    const correlation = q12 / Math.sqrt(q11 * q22);
    q12 = (1 - a - b) * target + a * Math.sqrt(q11 * q22) * z1 * z2 + b * q12;
    q11 = 1 - a - b + a * q11 * z1 * z1 + b * q11;
    q22 = 1 - a - b + a * q22 * z2 * z2 + b * q22;
    return correlation;
  });
}
