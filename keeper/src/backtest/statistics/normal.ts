/**
 * Distribution function of the standard normal: a series near zero, a continued fraction in the tails (Abramowitz & Stegun 26.2.10, 26.2.14).
 *
 * @param x Any number
 * @returns Φ(x), to about 1e-15
 */
export function normalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  const distance = Math.abs(x);
  if (distance < 3) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (x * x) / (2 * n + 1);
      sum += term;
    }
    return 0.5 + density * sum;
  }
  let fraction = 0;
  for (let n = 100; n >= 1; n--) fraction = n / (distance + fraction);
  const tail = density / (distance + fraction);
  return x < 0 ? tail : 1 - tail;
}
