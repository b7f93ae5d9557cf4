/** Total variance of one expiry over log-moneyness: w(k) = a + b·(ρ(k − m) + √((k − m)² + σ²)) (raw SVI, Gatheral 2004). */
export interface Svi {
  readonly a: number;
  readonly b: number;
  readonly rho: number;
  readonly m: number;
  readonly sigma: number;
}

/** σ²T at k = ln(K/F). */
export function sviVariance({ a, b, rho, m, sigma }: Svi, k: number): number {
  return a + b * (rho * (k - m) + Math.hypot(k - m, sigma));
}

/**
 * g(k) of Gatheral and Jacquier (2014), eq. 2.1: (1 − kw'/2w)² − w'²/4·(1/w + ¼) + w''/2. The density of prices that the slice implies has
 * its sign: where it is negative, a butterfly costs less than nothing.
 */
export function butterflyFunction(slice: Svi, k: number): number {
  const { b, rho, m, sigma } = slice;
  const w = sviVariance(slice, k);
  const root = Math.hypot(k - m, sigma);
  const first = b * (rho + (k - m) / root);
  const second = (b * sigma * sigma) / root ** 3;
  const skew = 1 - (k * first) / (2 * w);
  return skew * skew - ((first * first) / 4) * (1 / w + 0.25) + second / 2;
}

/** Log-moneyness that arbitrage is looked for in: 1/55 to 55 times the forward. */
const WIDEST = 4;
const STEPS = 320;
const GRID = Array.from({ length: 2 * STEPS + 1 }, (_, i) => (WIDEST * (i - STEPS)) / STEPS);

/** The least g(k), and where; below zero a butterfly around there is an arbitrage. */
export function worstButterfly(slice: Svi): { readonly k: number; readonly value: number } {
  return least(GRID.concat(near(slice)), (k) => butterflyFunction(slice, k));
}

/** The least that the later slice's total variance is above the earlier one's, and where; below zero a calendar spread is an arbitrage. */
export function worstCalendar(earlier: Svi, later: Svi): { readonly k: number; readonly value: number } {
  return least(GRID.concat(near(earlier), near(later)), (k) => sviVariance(later, k) - sviVariance(earlier, k));
}

/** Around its own minimum a slice bends over a distance σ, which may be finer than the grid. */
function near({ m, sigma }: Svi): number[] {
  return Array.from({ length: 81 }, (_, i) => m + ((i - 40) / 8) * sigma);
}

function least(places: readonly number[], value: (k: number) => number): { k: number; value: number } {
  return places.reduce(
    (worst, k) => {
      const here = value(k);
      return here < worst.value || Number.isNaN(here) ? { k, value: here } : worst;
    },
    { k: 0, value: Number.POSITIVE_INFINITY },
  );
}
