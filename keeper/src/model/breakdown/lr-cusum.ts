/** The correlation that is looked for, and that of the reference at which it is. */
const BROKEN = 0.35;
const USUAL = 0.75;

/** ρ1: 0.35, and less where the reference is below 0.75, in proportion. */
export function brokenCorrelation(reference: number): number {
  return BROKEN * Math.min(1, reference / USUAL);
}

/**
 * Log likelihood ratio of correlation ρ1 over ρ0 for a pair of standard normals: q(ρ1) − q(ρ0),
 * q(ρ) = −½·ln(1−ρ²) − (z1²−2ρ·z1·z2+z2²)/(2(1−ρ²)).
 */
export function correlationLogRatio(first: number, second: number, reference: number, broken: number): number {
  return logDensity(first, second, broken) - logDensity(first, second, reference);
}

function logDensity(first: number, second: number, correlation: number): number {
  const rest = 1 - correlation * correlation;
  const form = first * first - 2 * correlation * first * second + second * second;
  return -Math.log(rest) / 2 - form / (2 * rest);
}
