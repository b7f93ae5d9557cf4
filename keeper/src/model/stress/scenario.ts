/** What is done to covariances while a scenario lasts. */
export type CovarianceStress =
  | { readonly kind: "correlation"; readonly towards: "one" | "zero"; readonly weight: number }
  | { readonly kind: "betas"; readonly factor: number }
  | { readonly kind: "volatility"; readonly factor: number };

/** One thing that happens. Shares: 1.0 = 100%. */
export type StressStep =
  /** Prices by asset go to this many times what they are; one of those before it is not undone. */
  | { readonly kind: "move"; readonly factors: readonly number[] }
  /** A part of every short is closed at the oracle's price, as by auto-deleveraging. */
  | { readonly kind: "removeHedge"; readonly share: number }
  /** What was removed is sold again, at this much less than the oracle's price. */
  | { readonly kind: "reenter"; readonly spread: number };

/** What may happen to a vault, in a sequence of steps. */
export interface Scenario {
  readonly name: string;
  readonly steps: readonly StressStep[];
  readonly covariance?: CovarianceStress;
  /** The venues' prices over the oracle's, less one; 0 where it is left out. */
  readonly basis?: number;
  /** Part of the loss that counts, for moves that are hardly ever seen; 1 where it is left out. */
  readonly damping?: number;
}

/** Scenarios of one kind. */
export interface ScenarioGroup {
  readonly key: string;
  readonly title: string;
  /** One or two sentences. */
  readonly note: string;
  readonly scenarios: readonly Scenario[];
}

/** A liquidity position, by how far its edges are from the oracle's price. */
export interface StressRange {
  /** Indices of token0 and token1. */
  readonly indices: readonly [number, number];
  /** Price of token0 in token1 at each edge, over the price now. */
  readonly toLower: number;
  readonly toUpper: number;
}

/** What scenarios are made for. Vectors are by asset. */
export interface StressMarket {
  readonly symbols: readonly string[];
  /** Meant to be worth a dollar. */
  readonly stable: readonly boolean[];
  /** Index of the token that margin is paid in. */
  readonly settlement: number;
  /** Indices of the assets that are shorted, or can be. */
  readonly hedges: readonly number[];
  /** [asset][hedge]: USD of the hedge that moves with one USD of the asset. */
  readonly betas: readonly (readonly number[])[];
  readonly ranges: readonly StressRange[];
}

/** Factors on prices where every asset that is not stable is moved by its own factor. */
export function riskyMove({ stable }: StressMarket, factor: (asset: number) => number): StressStep {
  return { kind: "move", factors: stable.map((one, asset) => (one ? 1 : factor(asset))) };
}

/**
 * A move of all hedges by one factor, the other assets following by their betas: log-moves are β·ln(factor), summed over the hedges. Where
 * there is no hedge everything moves by the factor.
 *
 * @param scale On the betas of what is no hedge
 */
export function betaMove(market: StressMarket, factor: number, scale = 1): StressStep {
  return riskyMove(market, (asset) => {
    if (market.hedges.includes(asset) || market.hedges.length === 0) return factor;
    return factor ** (scale * market.betas[asset]!.reduce((sum, beta) => sum + beta, 0));
  });
}

/** "+20%", "−5%". */
export function signed(share: number): string {
  const text = `${Math.abs(share * 100).toFixed(Number.isInteger(Math.round(share * 1e6) / 1e4) ? 0 : 1)}%`;
  return share < 0 ? `−${text}` : `+${text}`;
}
