/**
 * How far a correlation has fallen below its reference, in deviations of Fisher's z (Fisher 1921): (atanh ρ0 − atanh ρ̂)·√(n − 3). Standard
 * normal for Gaussian returns of constant volatility only: fat tails and clustered volatility make it wider.
 *
 * @param reference ρ0
 * @param estimate ρ̂ over the window
 * @param hours n, length of the window
 */
export function fisherStatistic(reference: number, estimate: number, hours: number): number {
  return (Math.atanh(reference) - Math.atanh(estimate)) * Math.sqrt(hours - 3);
}
