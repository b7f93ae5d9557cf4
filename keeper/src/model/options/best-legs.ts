import { type LiquidityRange, lpGreeks } from "../lp-greeks.js";
import { bestSubset } from "./best-subset.js";
import { forwardPrice, optionGreeks } from "./black-scholes.js";
import { expectedValue } from "./expected-value.js";
import { OptionError, requirePositive } from "./option.js";
import { type PriceScenario, priceScenarios, scenarioShortfall, type Underlying } from "./price-scenarios.js";
import type { OptionQuote } from "./quote.js";

/** An option that can be bought, and the volatility that it is valued by. */
export interface PricedOption {
  readonly quote: OptionQuote;
  /** Implied, annual. */
  readonly volatility: number;
  /** ln(forward/spot) a year; zero where it is left out. */
  readonly carry?: number;
}

/** What is to be hedged, for how long, and for how much. */
export interface LegsProblem {
  readonly range: LiquidityRange;
  readonly price: number;
  /** Annual, of the position's price. */
  readonly volatility: number;
  /** The horizon, years; options that expire before it are not used. */
  readonly time: number;
  /** Null where the options are on the position's own asset. */
  readonly underlying: Underlying | null;
  readonly options: readonly PricedOption[];
  /** Largest sum of asks, in the price's unit. */
  readonly premium: number;
  /** 1 to 3. */
  readonly legs: number;
}

/** So many of an option. */
export interface ChosenLeg extends PricedOption {
  /** Options on one unit of their asset. */
  readonly size: number;
}

/** The best options, and what they do until the horizon to a position whose delta a perp has taken. In the price's unit. */
export interface LegsChoice {
  readonly legs: readonly ChosenLeg[];
  /** Sum of asks. */
  readonly premium: number;
  /** Deviation of the hedged profit and loss: without and with the options. */
  readonly deviation: { readonly before: number; readonly after: number };
  /** Its expected shortfall at 97.5%, premium included. */
  readonly shortfall: { readonly before: number; readonly after: number };
  /** Share of today's gamma that is gone, of a cross hedge its part ρ² alone; null where the position has none. */
  readonly gammaRemoved: number | null;
  /** What the position is expected to lose versus rebalancing at its volatility. */
  readonly expectedLoss: number;
}

/** So many options are tried in threes. */
const MOST_OPTIONS = 50;

/**
 * The at most three options, bought at their asks within a premium, that leave the least variance at the horizon to a position whose first
 * order is hedged, as theirs is: min ½n'Cn − g'n, n ≥ 0, ask'n ≤ premium over every subset, each in closed form. Prices are lognormal. Of
 * more than fifty options those count that would do most alone.
 *
 * @throws {@link OptionError} where a figure means nothing
 */
export function bestLegs(problem: LegsProblem): LegsChoice {
  const { range, price, volatility, time, underlying, premium, legs } = problem;
  if (!(premium >= 0)) throw new OptionError(`A premium of ${premium} buys nothing.`, "Give zero or more.");
  if (![1, 2, 3].includes(legs)) throw new OptionError(`${legs} legs cannot be chosen.`, "Choose 1, 2 or 3.");
  const scenarios = priceScenarios(price, volatility, time, underlying);
  const spot = underlying?.price ?? price;
  const own = positionPnl(range, price, scenarios);
  const usable = premium > 0 ? cheapest(problem.options.filter(({ quote }) => quote.time >= time * (1 - 1e-9))) : [];
  const pnl = usable.map((option) => optionPnl(option, spot, time, scenarios));
  const center = (values: readonly number[]): number[] => {
    const mean = inner(scenarios, values, null);
    return values.map((value) => value - mean);
  };
  const [target, moves] = [center(own), pnl.map(center)];
  const pull = moves.map((values) => -inner(scenarios, values, target));
  const curve = moves.map((left) => moves.map((right) => (left === right ? inner(scenarios, left, left) : 0)));
  const alone = (j: number): number => (pull[j]! > 0 ? pull[j]! ** 2 / curve[j]![j]! : 0);
  const tried = moves
    .map((_, j) => j)
    .filter((j) => alone(j) > 0)
    .sort((p, q) => alone(q) - alone(p))
    .slice(0, MOST_OPTIONS);
  for (const i of tried)
    for (const j of tried) if (i < j) curve[j]![i] = curve[i]![j] = inner(scenarios, moves[i]!, moves[j]!);
  const asks = usable.map(({ quote }) => quote.ask);
  const best = bestSubset({ curve, pull, costs: asks, budget: premium }, tried, legs);
  const chosen = best.members.map((j, i): ChosenLeg => ({ ...usable[j]!, size: best.sizes[i]! }));
  const after = own.map((value, k) => best.members.reduce((sum, j, i) => sum + best.sizes[i]! * pnl[j]![k]!, value));
  const spread = (values: readonly number[]): number =>
    Math.sqrt(Math.max(0, inner(scenarios, center(values), center(values))));
  return {
    legs: chosen,
    premium: chosen.reduce((sum, { quote, size }) => sum + size * quote.ask, 0),
    deviation: { before: spread(own), after: spread(after) },
    shortfall: { before: scenarioShortfall(scenarios, own), after: scenarioShortfall(scenarios, after) },
    gammaRemoved: gammaRemoved(problem, chosen),
    expectedLoss: lpGreeks(range, price).value - expectedValue(range, price, volatility, time),
  };
}

/** Of a put and a call at one strike, which hedged are one and the same, the one that ties up less. */
function cheapest(options: readonly PricedOption[]): PricedOption[] {
  return options.filter(({ quote }, i) => {
    const twin = options.findIndex((one, j) => {
      const same = i !== j && one.quote.strike === quote.strike && one.quote.time === quote.time;
      return same && (one.quote.ask < quote.ask || (one.quote.ask === quote.ask && j < i));
    });
    return twin === -1;
  });
}

/** What remains of a position where a perp has taken its delta: never above zero. */
function positionPnl(range: LiquidityRange, price: number, scenarios: readonly PriceScenario[]): number[] {
  const { value, delta } = lpGreeks(range, price);
  return scenarios.map((one) => lpGreeks(range, one.price).value - value - delta * (one.price - price));
}

/** What an option bought at its ask brings where a perp has taken its delta, valued at its own volatility. */
function optionPnl(
  { quote, volatility, carry = 0 }: PricedOption,
  spot: number,
  time: number,
  scenarios: readonly PriceScenario[],
): number[] {
  requirePositive(`ask of ${quote.name}`, quote.ask);
  const { delta } = optionGreeks(quote, { spot, volatility, yield: -carry });
  const rest = Math.max(0, quote.time - time);
  const [left, growth] = [volatility * Math.sqrt(rest), Math.exp(carry * rest)];
  return scenarios.map(({ underlying }) => {
    const worth = forwardPrice(quote.kind, underlying * growth, quote.strike, left);
    return worth - quote.ask - delta * (underlying - spot);
  });
}

/** Σ nΓ over the position's own; across assets over its equivalent β²P²Γ/S², times ρ². */
function gammaRemoved(
  { range, price, volatility, underlying }: LegsProblem,
  legs: readonly ChosenLeg[],
): number | null {
  const { gamma } = lpGreeks(range, price);
  if (gamma === 0) return null;
  const spot = underlying?.price ?? price;
  const bought = legs.reduce((sum, leg) => {
    const { quote, size, carry = 0 } = leg;
    return sum + size * optionGreeks(quote, { spot, volatility: leg.volatility, yield: -carry }).gamma;
  }, 0);
  if (underlying === null) return bought / -gamma;
  const rho2 = underlying.correlation ** 2;
  const equivalent = gammaEquivalent(gamma, price, volatility, underlying);
  return equivalent === 0 ? 0 : (rho2 * bought) / -equivalent;
}

/** Gamma in another asset's price that moves with a position's as far as the two correlate: β²P²Γ/S², β = ρσ_P/σ_S. */
export function gammaEquivalent(
  gamma: number,
  price: number,
  volatility: number,
  { price: spot, volatility: sigma, correlation }: Underlying,
): number {
  const beta = (correlation * volatility) / sigma;
  return (beta * beta * price * price * gamma) / (spot * spot);
}

/** Σ probability·left·right; right is 1 where it is null. */
function inner(scenarios: readonly PriceScenario[], left: readonly number[], right: readonly number[] | null): number {
  let sum = 0;
  for (let k = 0; k < left.length; k++) sum += scenarios[k]!.probability * left[k]! * (right === null ? 1 : right[k]!);
  return sum;
}
