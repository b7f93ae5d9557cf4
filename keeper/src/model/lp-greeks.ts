/** A concentrated position in real units: price is token1 per whole token0, amounts are whole tokens. */
export interface LiquidityRange {
  readonly liquidity: number;
  readonly lower: number;
  readonly upper: number;
}

/** Value and sensitivities in units of token1. */
export interface LpGreeks {
  readonly amount0: number;
  readonly amount1: number;
  readonly value: number;
  /** ∂V/∂P. */
  readonly delta: number;
  /** ∂²V/∂P². */
  readonly gamma: number;
}

/** Value, delta and gamma of a position at a price. */
export function lpGreeks(range: LiquidityRange, price: number): LpGreeks {
  const { liquidity, lower, upper } = range;
  const root = Math.sqrt(Math.min(Math.max(price, lower), upper));
  const amount0 = liquidity * (1 / root - 1 / Math.sqrt(upper));
  const amount1 = liquidity * (root - Math.sqrt(lower));
  const inRange = price > lower && price < upper;
  return {
    amount0,
    amount1,
    value: amount0 * price + amount1,
    delta: amount0,
    gamma: inRange ? -liquidity / (2 * price * Math.sqrt(price)) : 0,
  };
}

/** Value of a position in USD where both tokens move: gradient, Hessian, and the rank-one dollar gamma c·uu', u = e0 − e1. */
export interface PairGreeks {
  readonly value: number;
  readonly gradient: readonly [number, number];
  readonly hessian: readonly [readonly [number, number], readonly [number, number]];
  readonly c: number;
}

/** Two-factor sensitivities of a position to the USD prices of token0 and token1. */
export function pairGreeks(range: LiquidityRange, price0: number, price1: number): PairGreeks {
  const ratio = price0 / price1;
  const lp = lpGreeks(range, ratio);
  const u00 = lp.gamma / price1;
  return {
    value: lp.value * price1,
    gradient: [lp.amount0, lp.amount1],
    hessian: [
      [u00, -ratio * u00],
      [-ratio * u00, ratio * ratio * u00],
    ],
    c: price0 * price0 * u00,
  };
}

/**
 * What a position made at the centre of [P/factor, P·factor] is worth at its edges, per unit of its value at the centre.
 * At the lower edge everything is token0, at the upper edge everything is token1.
 */
export function edgeValues(factor: number): { lower: number; upper: number } {
  const root = Math.sqrt(factor);
  return { lower: (1 + 1 / root) / (2 * root), upper: (root + 1) / 2 };
}

/** The same position where the price is turned round: of token1 in token0. Its value and greeks are then in token0. */
export function inverted({ liquidity, lower, upper }: LiquidityRange): LiquidityRange {
  return { liquidity, lower: 1 / upper, upper: 1 / lower };
}

/** What a position is to the one of its tokens that is to be hedged, in units of the other, the quote. */
export interface AssetGreeks {
  /** Whole tokens: also the delta. */
  readonly asset: number;
  readonly quote: number;
  readonly value: number;
  /** ∂²V/∂p² in the asset's price. */
  readonly gamma: number;
}

/**
 * Greeks towards one of the tokens, whichever of the two it is: for a holder who hedges one position by itself. A plan needs those of the
 * whole book, in the chain's rounding: `measureBook`.
 *
 * @param price Token1 per token0, as the pool has it
 * @param asset Which token is to be hedged
 */
export function assetGreeks(range: LiquidityRange, price: number, asset: 0 | 1): AssetGreeks {
  const { amount0, amount1, value, gamma } =
    asset === 0 ? lpGreeks(range, price) : lpGreeks(inverted(range), 1 / price);
  return { asset: amount0, quote: amount1, value, gamma };
}

/** USD sensitivities to the prices of an asset and of its quote, which may both move. */
export interface AssetPairGreeks {
  readonly value: number;
  /** ∂U by the asset's and by the quote's price: whole tokens. */
  readonly delta: readonly [asset: number, quote: number];
  /** ∂²U: asset·asset, asset·quote, quote·quote. */
  readonly gamma: readonly [assetAsset: number, assetQuote: number, quoteQuote: number];
  /** USD: ½c·(r_asset − r_quote)² is the value's second-order change. */
  readonly dollarGamma: number;
}

/**
 * Two-factor greeks of a pair such as ALT/ETH, whichever token the asset is: what a hedge of one position in both its tokens needs.
 *
 * @param assetPrice USD
 * @param quotePrice USD
 */
export function assetPairGreeks(
  range: LiquidityRange,
  asset: 0 | 1,
  assetPrice: number,
  quotePrice: number,
): AssetPairGreeks {
  const { value, gradient, hessian, c } = pairGreeks(asset === 0 ? range : inverted(range), assetPrice, quotePrice);
  return { value, delta: gradient, gamma: [hessian[0][0], hessian[0][1], hessian[1][1]], dollarGamma: c };
}
