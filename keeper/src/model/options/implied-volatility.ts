import { normalDensity } from "../normal.js";
import { forwardPrice } from "./black-scholes.js";
import { type Option, OptionError, requireFinite, requirePositive } from "./option.js";

/** What an option's price is read against. */
export interface ForwardMarket {
  /** Price of the underlying for delivery at expiry. */
  readonly forward: number;
  /** What 1 at expiry is worth now; 1 where it is left out. */
  readonly discount?: number;
}

const MAX_STEPS = 200;

/**
 * The volatility at which the formula of Black and Scholes gives a price. Newton's steps on the logarithm of the out-of-the-money price,
 * with bisection wherever a step would leave what is known to hold the root.
 *
 * @returns Annual, 1.0 = 100%; to 1e-10, or as far as the price's own last digit tells where an option is deep in the money
 * @throws {@link OptionError} where the price allows arbitrage, or has no time value
 */
export function impliedVolatility({ kind, strike, time }: Option, price: number, market: ForwardMarket): number {
  const { forward, discount = 1 } = market;
  requirePositive("strike", strike);
  requirePositive("time to expiry", time);
  requirePositive("forward", forward);
  requirePositive("discount factor", discount);
  requireFinite("option's price", price);
  const intrinsic = Math.max(0, kind === "call" ? forward - strike : strike - forward);
  const most = kind === "call" ? forward : strike;
  const undiscounted = price / discount;
  if (undiscounted <= intrinsic) {
    throw new OptionError(
      `A ${kind} struck at ${strike} is quoted at ${price}, at or below its least value ${intrinsic * discount}.`,
      "A price without time value has no volatility: leave it out.",
    );
  }
  if (undiscounted >= most) {
    throw new OptionError(
      `A ${kind} struck at ${strike} is quoted at ${price}, at or above its largest value ${most * discount}.`,
      "No volatility gives it: leave it out.",
    );
  }
  // By parity the out-of-the-money option at this strike has the same time value.
  const value = undiscounted - intrinsic;
  return deviationOf(value, forward, strike) / Math.sqrt(time);
}

/** s at which the out-of-the-money option of this strike is worth `value`, undiscounted. */
function deviationOf(value: number, forward: number, strike: number): number {
  const kind = forward <= strike ? "call" : "put";
  const distance = Math.log(forward / strike);
  const priceAt = (s: number): number => forwardPrice(kind, forward, strike, s);
  // The price is convex in s up to here and concave beyond.
  let [low, high] = [0, Math.sqrt(2 * Math.abs(distance)) || 1];
  while (priceAt(high) < value) [low, high] = [high, 2 * high];
  let s = high;
  for (let i = 0; i < MAX_STEPS; i++) {
    const price = priceAt(s);
    const off = Math.log(price) - Math.log(value);
    if (off === 0) return s;
    if (off < 0) low = s;
    else high = s;
    const vega = forward * normalDensity(distance / s + s / 2);
    const next = s - (off * price) / vega;
    // Too small a deviation has a price of zero: its logarithm and slope are of no use.
    const usable = Number.isFinite(next) && next > low && next < high;
    const moved = usable ? next : (low + high) / 2;
    if (Math.abs(moved - s) <= 2 * Number.EPSILON * s || moved === low || moved === high) return moved;
    s = moved;
  }
  return s;
}
