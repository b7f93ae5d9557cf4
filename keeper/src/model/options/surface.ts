import { optionGreeks } from "./black-scholes.js";
import { fitSvi, POINTS_FOR_SKEW, type VariancePoint } from "./fit-svi.js";
import { type ForwardMarket, impliedVolatility } from "./implied-volatility.js";
import { OptionError, requireFinite, requirePositive } from "./option.js";
import type { OptionQuote, RefusedQuote } from "./quote.js";
import { sortQuotes } from "./quote-arbitrage.js";
import { type Svi, sviVariance, worstButterfly, worstCalendar } from "./svi.js";

/** The skew of one expiry. */
export interface SurfaceSlice {
  /** Years. */
  readonly time: number;
  readonly forward: number;
  readonly svi: Svi;
  /** Quotes that it is made of. */
  readonly quotes: number;
  /** Root mean square difference to the quotes' mid volatilities, weighted as the fit is, 0.01 = one vol-point. */
  readonly error: number;
}

/** Implied volatilities by strike and time, free of arbitrage. */
export interface VolatilitySurface {
  /** By time. */
  readonly slices: readonly SurfaceSlice[];
  /** Quotes that were not used, each with its reason. */
  readonly refused: readonly RefusedQuote[];
  /** What else its user should know, in words. */
  readonly warnings: readonly string[];
}

/** Half a spread is taken for at least this share of the forward: a quote is no better known than its venue's tick. */
const LEAST_HALF_SPREAD = 1e-4;

/**
 * A surface from quotes: those that admit arbitrage are refused, the others fitted with one skew (raw SVI) an expiry, earliest first. A fit
 * is weighted by how well the spread tells the variance. An expiry whose best fit still admits arbitrage is left out, with a warning.
 *
 * @param market Forward and discount factor by time to expiry
 * @throws {@link OptionError} where a quote means nothing, or none is left
 */
export function surfaceFrom(
  quotes: readonly OptionQuote[],
  market: (time: number) => ForwardMarket,
): VolatilitySurface {
  for (const { name, strike, time, bid, ask } of quotes) {
    requirePositive(`strike of ${name}`, strike);
    requirePositive(`time to expiry of ${name}`, time);
    requireFinite(`bid of ${name}`, bid);
    requirePositive(`ask of ${name}`, ask);
    if (bid < 0) throw new OptionError(`The bid of ${name} is ${bid}.`, "It is zero where nobody bids.");
  }
  const { kept, refused } = sortQuotes(quotes, market);
  const warnings: string[] = [];
  const slices: SurfaceSlice[] = [];
  const times = [...new Set(kept.map(({ time }) => time))].sort((p, q) => p - q);
  for (const time of times) {
    const days = `${Number((time * 365).toPrecision(4))} days`;
    const { forward, discount = 1 } = market(time);
    const points = kept.flatMap((quote) => (quote.time === time ? variancePoint(quote, forward, discount) : []));
    if (points.length === 0) {
      warnings.push(`${days}: no quote has a two-sided price with time value, so the expiry is left out`);
      continue;
    }
    if (points.length < POINTS_FOR_SKEW) warnings.push(`${days}: ${points.length} quotes tell no skew, so it is flat`);
    const earlier = slices.at(-1)?.svi ?? null;
    const svi = fitSvi(points, earlier);
    const butterfly = worstButterfly(svi);
    const calendar = earlier === null ? { k: 0, value: 0 } : worstCalendar(earlier, svi);
    const at = (k: number): string => `at a strike of ${Number((forward * Math.exp(k)).toPrecision(4))}`;
    if (!(butterfly.value >= 0)) {
      warnings.push(`${days}: no skew fits these quotes without a butterfly arbitrage ${at(butterfly.k)}: left out`);
    } else if (!(calendar.value >= -1e-9)) {
      warnings.push(
        `${days}: less variance ${at(calendar.k)} than at the expiry before, a calendar arbitrage: left out`,
      );
    } else {
      slices.push({ time, forward, svi, quotes: points.length, error: volatilityError(svi, points, time) });
    }
  }
  if (slices.length === 0) {
    const why = [...refused.map(({ reason }) => reason), ...warnings].slice(0, 3).join("; ");
    throw new OptionError(`No expiry has quotes to make a volatility surface of${why && `: ${why}`}.`, "Give others.");
  }
  return { slices, refused, warnings };
}

/**
 * Implied volatility at a strike over the forward, annual. Between expiries total variance is linear at the same K/F, so that it rises with
 * time; before the first and beyond the last it is in proportion to time.
 */
export function surfaceVolatility({ slices }: VolatilitySurface, strikeOverForward: number, time: number): number {
  requirePositive("strike over the forward", strikeOverForward);
  requirePositive("time to expiry", time);
  const k = Math.log(strikeOverForward);
  const next = slices.findIndex((slice) => slice.time >= time);
  const variance = ({ svi }: SurfaceSlice): number => sviVariance(svi, k);
  if (next === 0 || next === -1) {
    const only = next === 0 ? slices[0]! : slices.at(-1)!;
    return Math.sqrt(variance(only) / only.time);
  }
  const [before, after] = [slices[next - 1]!, slices[next]!];
  const share = (time - before.time) / (after.time - before.time);
  return Math.sqrt(((1 - share) * variance(before) + share * variance(after)) / time);
}

/** A quote's mid as total variance, weighted by 1/(what half its spread is in variance)²; nothing where only one side has a volatility. */
function variancePoint(quote: OptionQuote, forward: number, discount: number): VariancePoint[] {
  const mid = (quote.bid + quote.ask) / 2;
  const { kind, strike, time } = quote;
  const intrinsic = discount * Math.max(0, kind === "call" ? forward - strike : strike - forward);
  if (quote.bid <= 0 || mid <= intrinsic || mid >= discount * (kind === "call" ? forward : strike)) return [];
  const volatility = impliedVolatility(quote, mid, { forward, discount });
  const { vega } = optionGreeks(quote, { spot: forward * discount, volatility, rate: -Math.log(discount) / time });
  const half = Math.max((quote.ask - quote.bid) / 2, LEAST_HALF_SPREAD * forward);
  const weight = (vega / (2 * volatility * time * half)) ** 2;
  return weight > 0 ? [{ k: Math.log(strike / forward), variance: volatility * volatility * time, weight }] : [];
}

function volatilityError(svi: Svi, points: readonly VariancePoint[], time: number): number {
  const total = points.reduce((sum, { weight }) => sum + weight, 0);
  const squares = points.map(({ k, variance, weight }) => {
    const off = Math.sqrt(sviVariance(svi, k) / time) - Math.sqrt(variance / time);
    return (weight / total) * off * off;
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
}
