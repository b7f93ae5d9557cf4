import { expectedGamma } from "../model/expected-gamma.js";
import { type LiquidityRange, lpGreeks } from "../model/lp-greeks.js";
import { lvrRate } from "../model/lvr.js";
import type { LegsChoice } from "../model/options/best-legs.js";
import { optionGreeks } from "../model/options/black-scholes.js";
import { expectedValue, expectedVega, smallTimeVega } from "../model/options/expected-value.js";
import { lpStrip, stripError } from "../model/options/lp-strip.js";
import type { VolatilitySurface } from "../model/options/surface.js";
import type { Purchase } from "../model/options/worth-buying.js";

/** A position, its market and for how long. */
export interface OptionsView {
  readonly range: LiquidityRange;
  readonly price: number;
  /** Annual. */
  readonly volatility: number;
  /** Years. */
  readonly time: number;
}

const money = (value: number): string => {
  const digits = Math.abs(value) < 10 ? 2 : 0;
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
const at = (price: number): string =>
  Number(price.toPrecision(6)).toLocaleString("en-US", { maximumFractionDigits: 12 });
const percent = (share: number, digits = 2): string => `${(share * 100).toFixed(digits)}%`;
const size = (value: number): string => value.toPrecision(4);
const days = (time: number): string => `${Number((time * 365).toPrecision(4))} days`;

/** A position's strip, greeks, vega and expected loss, in lines. Money is in the price's quote. */
export function formatPosition({ range, price, volatility, time }: OptionsView, puts: number): string[] {
  const { value, delta, gamma } = lpGreeks(range, price);
  const [strip, even] = [lpStrip(range, puts), lpStrip(range, puts, "even")];
  const cost = strip.legs.reduce((sum, { strike, weight }) => {
    const put = optionGreeks({ kind: "put", strike, time }, { spot: price, volatility }).price;
    return sum + weight * (put - Math.max(0, strike - price));
  }, 0);
  const loss = value - expectedValue(range, price, volatility, time);
  const later = expectedGamma(range, price, { volatility, time });
  const vega = expectedVega(range, price, volatility, time) / 100;
  const small = smallTimeVega(range, price, volatility, time) / 100;
  const square = price * price;
  return [
    `Position: ${money(value)} from ${at(range.lower)} to ${at(range.upper)} at ${at(price)}, volatility ${percent(volatility, 1)}`,
    `  delta ${size(delta)} of the asset, ${money(delta * price)}; dollar gamma now ${money(gamma * square)}, expected after ${days(time)} ${money(later * square)}`,
    `  vega of its expected value in ${days(time)}: ${money(vega)} per vol-point, ${percent(vega / value, 3)} of its value (small-time formula ${percent(small / value, 3)})`,
    `  loss versus rebalancing: ${percent(lvrRate(range, price, volatility) / value, 1)} of its value a year now; ${money(loss)} expected in ${days(time)}`,
    `Strip: cash ${money(strip.cash)} less`,
    ...strip.legs.map(({ strike, weight }) => `  ${size(weight)} puts struck at ${at(strike)}`),
    `  is its value to ${percent(stripError(range, strip) / value)} at any price (${percent(stripError(range, even) / value)} with bins of even error)`,
    `  buying these puts for ${days(time)} costs ${money(cost)} of time value at that volatility`,
  ];
}

/** The skews, and what was refused and why. */
export function formatSurface(
  { slices, refused, warnings }: VolatilitySurface,
  atMoney: number,
  time: number,
): string[] {
  return [
    "",
    `Quotes: implied volatility at the forward, ${days(time)}: ${percent(atMoney, 1)}`,
    ...slices.map((slice) => {
      const { a, b, rho, m, sigma } = slice.svi;
      const raw = [a, b, rho, m, sigma].map((figure) => figure.toPrecision(3)).join(", ");
      return `  ${days(slice.time)}: ${slice.quotes} quotes, fitted to ${percent(slice.error)} of volatility (SVI a, b, ρ, m, σ: ${raw})`;
    }),
    ...refused.map(({ why, reason }) => `  refused (${why}): ${reason}`),
    ...warnings.map((warning) => `  note: ${warning}`),
  ];
}

/** What was to be paid, and what it is compared with. */
export interface LegsTerms {
  readonly premium: number;
  /** Volatility that the position's own is implied to be. */
  readonly implied: number;
  /** Share of the position's value, a year. */
  readonly impliedLvr: number;
  /** Null where the fees are not known. */
  readonly purchase: Purchase | null;
  /** Of the options' asset with the position's, null where it is the same. */
  readonly rho2: number | null;
}

/** The best options, what they do and what they cost. */
export function formatLegs(choice: LegsChoice, { time }: OptionsView, terms: LegsTerms): string[] {
  const { legs, premium, deviation, shortfall, gammaRemoved, expectedLoss } = choice;
  const cut = (part: { before: number; after: number }): string =>
    `${money(part.before)} to ${money(part.after)}, ${percent(1 - part.after / part.before, 1)} less`;
  const gamma = gammaRemoved === null ? "the position has no gamma here" : `gamma removed ${percent(gammaRemoved, 1)}`;
  const rule = `fees below ${percent(terms.impliedLvr, 1)} of the value a year, its loss versus rebalancing at ${percent(terms.implied, 1)}`;
  const chosen = legs.map(({ quote, size: count }) => `  buy ${size(count)} ${quote.name} at ${at(quote.ask)}`);
  const cross =
    terms.rho2 === null
      ? []
      : [`  on another asset: ${percent(1 - terms.rho2, 1)} of the gamma stays whatever is bought`];
  return [
    "",
    `Best options for at most ${money(terms.premium)}, held ${days(time)}, with the delta of all in a perp:`,
    ...(chosen.length > 0 ? chosen : ["  none: no option makes it safer"]),
    `  premium ${money(premium)}; expected loss versus rebalancing ${money(expectedLoss)} (${size(premium / expectedLoss)} of it)`,
    `  ${gamma}; deviation ${cut(deviation)}; expected shortfall 97.5% ${cut(shortfall)}`,
    ...cross,
    terms.purchase === null
      ? `  worth buying only with ${rule}, or where a limit on gamma asks for it`
      : `  ${terms.purchase.buy ? "worth buying" : "not worth buying"}: ${terms.purchase.reason}`,
  ];
}
