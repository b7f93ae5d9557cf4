/**
 * Prices without a gap, row by row, 1 until a first one is known: the leg's returns in a row, and over hours without one what the spot has
 * moved since it was last known, so that no move is lost. Where nothing is known the price stays.
 *
 * @param leg Return by row, NaN where it is not known
 * @param spot Price by row, NaN where it is not known
 */
export function legPrices(leg: Float64Array, spot: Float64Array): Float64Array {
  let price = 1;
  let seen = { spot: Number.NaN, price };
  return leg.map((move, row) => {
    if (row > 0 && !Number.isNaN(move)) price *= 1 + move;
    else if (spot[row]! > 0 && seen.spot > 0) price = (seen.price * spot[row]!) / seen.spot;
    if (spot[row]! > 0) seen = { spot: spot[row]!, price };
    return price;
  });
}

/** A series with each gap filled by what was known before it, and before all by the first that is known. */
export function filledForward(series: Float64Array): Float64Array {
  let last = series.find((value) => !Number.isNaN(value)) ?? Number.NaN;
  return series.map((value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
