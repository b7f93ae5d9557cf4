import { type LiquidityRange, lpGreeks, pairGreeks } from "../../model/lp-greeks.js";

/** A Uniswap v3 position hour by hour, without fees. Entry i belongs to the price of row i. */
export interface LpPath {
  /** USD. The position is self-financing: it changes through prices only. */
  readonly value: Float64Array;
  /** USD of token0 held, per USD of value: what it gains as token0 doubles, to first order. */
  readonly share0: Float64Array;
  /** The same of token1; in a dollar pool it is the dollars held. */
  readonly share1: Float64Array;
  /** Share of the value that was swapped to re-centre the range at this price. */
  readonly swapped: Float64Array;
  /** Token1 per token0. */
  readonly price: Float64Array;
  /** Bounds of the range after it, token1 per token0. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface LpPrices {
  /** USD by row; NaN where it is not known: the position is as it was. */
  readonly price0: Float64Array;
  /** USD by row; a dollar if left out. */
  readonly price1?: Float64Array;
}

/**
 * Exact value and exposure of a position in the range [P/factor, P·factor] that is re-centred once the price has left it.
 * All of it is in one token then, half of it is swapped, and the new position has the old one's value.
 */
export function lpPath({ price0, price1 }: LpPrices, factor: number): LpPath {
  const rows = price0.length;
  const series = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
  const path = {
    ...{ value: series(), share0: series(), share1: series() },
    ...{ price: series(), lower: series(), upper: series() },
  };
  const swapped = new Float64Array(rows);
  let range: LiquidityRange | undefined;
  for (let row = 0; row < rows; row++) {
    const usd0 = price0[row]!;
    const usd1 = price1 === undefined ? 1 : price1[row]!;
    if (Number.isNaN(usd0) || Number.isNaN(usd1)) continue;
    const price = usd0 / usd1;
    if (range === undefined) range = centred(price, factor, 1 / usd1);
    const { value } = pairGreeks(range, usd0, usd1);
    if (price <= range.lower || price >= range.upper) {
      range = centred(price, factor, value / usd1);
      swapped[row] = 0.5;
    }
    const { gradient } = pairGreeks(range, usd0, usd1);
    path.value[row] = value;
    path.share0[row] = (gradient[0] * usd0) / value;
    path.share1[row] = (gradient[1] * usd1) / value;
    path.price[row] = price;
    path.lower[row] = range.lower;
    path.upper[row] = range.upper;
  }
  return { ...path, swapped };
}

/**
 * The position with this value at the centre of its range.
 *
 * @param value In token1
 */
export function centred(price: number, factor: number, value: number): LiquidityRange {
  const bounds = { lower: price / factor, upper: price * factor };
  return { ...bounds, liquidity: value / lpGreeks({ ...bounds, liquidity: 1 }, price).value };
}
