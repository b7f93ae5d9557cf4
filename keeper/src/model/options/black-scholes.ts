import { normalCdf, normalDensity } from "../normal.js";
import { type Option, payoff, requireFinite, requirePositive } from "./option.js";

/** What an option is priced in. */
export interface OptionMarket {
  /** Price of the underlying now. */
  readonly spot: number;
  /** Annual, of the log price, 1.0 = 100%. */
  readonly volatility: number;
  /** Interest, continuous, a year; zero where it is left out. */
  readonly rate?: number;
  /** What the underlying yields to its holder, continuous, a year; zero where it is left out. */
  readonly yield?: number;
}

/** Price of an option and its sensitivities, per unit of the underlying. */
export interface OptionGreeks {
  readonly price: number;
  /** ∂/∂S. */
  readonly delta: number;
  /** ∂²/∂S². */
  readonly gamma: number;
  /** ∂/∂σ, per 1.00 of volatility. */
  readonly vega: number;
  /** −∂/∂T, a year: what the passing of time brings, negative where it costs. */
  readonly theta: number;
  /** ∂/∂r, per 1.00 of interest. */
  readonly rho: number;
}

/**
 * Undiscounted price by the forward (Black 1976): ±(F·Φ(±d1) − K·Φ(±d2)), d1,2 = ln(F/K)/s ± s/2.
 *
 * @param deviation s = σ√T; the payoff at the forward where it is zero
 */
export function forwardPrice(kind: Option["kind"], forward: number, strike: number, deviation: number): number {
  if (deviation === 0) return payoff({ kind, strike }, forward);
  const sign = kind === "call" ? 1 : -1;
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  // Out of the money both terms are tails, so that little is lost in their difference; in the money parity adds what is certain.
  const certain = sign * (forward - strike);
  if (certain > 0) return certain + forwardPrice(kind === "call" ? "put" : "call", forward, strike, deviation);
  return Math.max(0, sign * (forward * normalCdf(sign * d1) - strike * normalCdf(sign * (d1 - deviation))));
}

/**
 * Price and greeks of a European option (Black and Scholes 1973, Merton 1973 with a yield; Haug 2007, chapter 2).
 *
 * @throws {@link OptionError} where a figure is missing or not above zero
 */
export function optionGreeks(option: Option, market: OptionMarket): OptionGreeks {
  const { kind, strike, time } = option;
  const { spot, volatility, rate = 0, yield: held = 0 } = market;
  requirePositive("strike", strike);
  requirePositive("time to expiry", time);
  requirePositive("spot price", spot);
  requirePositive("volatility", volatility);
  requireFinite("interest rate", rate);
  requireFinite("yield", held);
  const sign = kind === "call" ? 1 : -1;
  const root = Math.sqrt(time);
  const discount = Math.exp(-rate * time);
  const carry = Math.exp(-held * time);
  const forward = (spot * carry) / discount;
  const deviation = volatility * root;
  const d1 = Math.log(forward / strike) / deviation + deviation / 2;
  const exercised = normalCdf(sign * (d1 - deviation));
  const density = carry * normalDensity(d1);
  const delta = sign * carry * normalCdf(sign * d1);
  return {
    price: discount * forwardPrice(kind, forward, strike, deviation),
    delta,
    gamma: density / (spot * deviation),
    vega: spot * density * root,
    theta:
      (-spot * density * volatility) / (2 * root) + held * spot * delta - sign * rate * strike * discount * exercised,
    rho: sign * strike * time * discount * exercised,
  };
}
