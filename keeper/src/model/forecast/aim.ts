import { KeeperError } from "../../errors.js";

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
 *
 * @throws KeeperError where risk or discount make no sense
 */
export function tradingRate({ gamma, lambda, rho }: TradingInputs): number {
  if (!(gamma > 0 && lambda >= 0 && rho >= 0 && rho < 1)) {
    throw new KeeperError(`Trading by γ = ${gamma}, λ = ${lambda}, ρ = ${rho}.`, "Give γ > 0, λ ≥ 0, 0 ≤ ρ < 1.");
  }
  const linear = gamma * (1 - rho) + lambda * rho;
  return (Math.sqrt(linear * linear + 4 * gamma * lambda * (1 - rho) ** 2) - linear) / (2 * (1 - rho));
}

/**
 * Share of a part of the target to aim at, 1/(1 + φa/γ): what will not last is not worth its trading cost (Gârleanu and Pedersen 2013,
 * proposition 4). All of a part that does not return to its mean, or where trading is free.
 *
 * @param reversion φ: share of its distance from the mean that the part loses in one period
 */
export function aimWeight(reversion: number, inputs: TradingInputs): number {
  return 1 / (1 + (reversion * tradingRate(inputs)) / inputs.gamma);
}
