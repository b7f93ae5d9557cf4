/** Where the prices of one asset in a replay come from. */
export type PathSource =
  | { readonly kind: "prices"; readonly column: string }
  /** Its beta times the move of another asset, in logarithms. */
  | { readonly kind: "beta"; readonly beta: number; readonly of: number }
  /** Nobody tells its price: it stays. */
  | { readonly kind: "constant" };

/**
 * Prices over the first hour's, by hour. An hour without a price keeps the one before, as an oracle does.
 *
 * @param prices Hourly; NaN where unknown, but in the first hour
 */
export function pathFactors(prices: Float64Array): Float64Array {
  const factors = new Float64Array(prices.length);
  let last = prices[0]!;
  prices.forEach((price, hour) => {
    if (!Number.isNaN(price)) last = price;
    factors[hour] = last / prices[0]!;
  });
  return factors;
}

/** The path of an asset that moves by beta with another: factor^β. */
export function betaFactors(factors: Float64Array, beta: number): Float64Array {
  return factors.map((factor) => factor ** beta);
}
