/** Where an asset can be sold. */
export interface SpotMarket {
  /** Half the spread or the fee, share of what is traded. */
  readonly fee: number;
  /** The asset's side of the market as a constant product, in the unit of what is sold. */
  readonly depth: number;
}

/**
 * What selling an amount costs: the fee, and the impact on a constant product, amount/(depth + amount). Share of its value.
 *
 * @param amount In the unit of the depth, 0 or more
 */
export function liquidityPremium({ fee, depth }: SpotMarket, amount: number): number {
  return fee + (amount > 0 ? amount / (depth + amount) : 0);
}
