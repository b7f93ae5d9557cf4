/** What decides how fast to trade where cost is quadratic: ½(trade)'λΣ(trade) against ½γ(position)'Σ(position), per period. */
export interface TradingInputs {
  /** Risk aversion. */
  readonly gamma: number;
  /** Cost of trade as a multiple of the covariance. */
  readonly lambda: number;
  /** Discount rate of one period. */
  readonly rho: number;
}

/**
 * a: the optimal trade is a/λ of the way to the aim each period (Gârleanu and Pedersen 2013, proposition 1).
 * Without discount a = (√(γ² + 4γλ) − γ)/2.
 */
export function tradingRate({ gamma, lambda, rho }: TradingInputs): number {
  const linear = gamma * (1 - rho) + lambda * rho;
  return (Math.sqrt(linear * linear + 4 * gamma * lambda * (1 - rho) ** 2) - linear) / (2 * (1 - rho));
}

/** One period's trade towards the aim: (1 − a/λ)·current + (a/λ)·aim, by instrument. */
export function tradeTowards(current: readonly number[], aim: readonly number[], inputs: TradingInputs): number[] {
  const share = inputs.lambda > 0 ? tradingRate(inputs) / inputs.lambda : 1;
  return current.map((value, j) => value + share * (aim[j]! - value));
}

/**
 * Aim in front of a target that returns to its mean: mean + (now − mean)/(1 + φa/γ), since what will not last is not worth its
 * trading cost (Gârleanu and Pedersen 2013, proposition 4). A target without mean reversion, φ = 0, is its own aim.
 *
 * @param now Of the target, by instrument: hedge ratios
 * @param mean Where it returns to
 * @param speed φ: share of its distance from the mean that it loses in one period
 */
export function aimInFront(
  now: readonly number[],
  mean: readonly number[],
  speed: number,
  inputs: TradingInputs,
): number[] {
  const weight = 1 / (1 + (speed * tradingRate(inputs)) / inputs.gamma);
  return now.map((value, j) => mean[j]! + weight * (value - mean[j]!));
}
