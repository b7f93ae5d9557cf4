const SERIES_UP_TO = 3;

/** Distribution function of the standard normal: by its series near zero and by the continued fraction of its tail beyond. */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (Math.abs(x) > SERIES_UP_TO) return x < 0 ? tail(-x) : 1 - tail(x);
  // Φ(x) = ½ + φ(x)·Σ x^(2k+1)/(1·3·…·(2k+1)).
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + normalDensity(x) * sum;
}

/** Density of the standard normal. */
export function normalDensity(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
}

/** 1 − Φ(x) for x > 3: φ(x)/(x + 1/(x + 2/(x + 3/…))). */
function tail(x: number): number {
  if (x === Number.POSITIVE_INFINITY) return 0;
  let below = x;
  for (let k = 80; k >= 1; k--) below = x + k / below;
  return normalDensity(x) / below;
}
