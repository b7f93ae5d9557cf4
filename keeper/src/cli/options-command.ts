import { type Command, InvalidArgumentError } from "commander";
import { KeeperError } from "../errors.js";
import { lpGreeks } from "../model/lp-greeks.js";
import { relativeLvr } from "../model/lvr.js";
import { bestLegs, type PricedOption } from "../model/options/best-legs.js";
import type { Underlying } from "../model/options/price-scenarios.js";
import { surfaceFrom, surfaceVolatility } from "../model/options/surface.js";
import { worthBuying } from "../model/options/worth-buying.js";
import { formatLegs, formatPosition, formatSurface, type OptionsView } from "./format-options.js";
import { readQuotes } from "./option-quotes.js";

interface Words {
  readonly price: number;
  readonly lower: number;
  readonly upper: number;
  readonly volatility: number;
  readonly value: number;
  readonly days: number;
  readonly strip: number;
  readonly legs: number;
  readonly quotes?: string;
  readonly premium: number;
  readonly feeApr?: number;
  readonly maxGamma?: number;
  readonly underlying?: number;
  readonly underlyingVolatility?: number;
  readonly correlation?: number;
}

/** Adds `options`: what a position's puts, greeks and vega are, and which options at hand would hedge it. */
export function addOptionsCommand(program: Command, say: (text: string) => void): void {
  program
    .command("options")
    .description(
      "What a Uniswap v3 position is in options, and which options would hedge it; needs neither node nor key",
    )
    .requiredOption("--price <number>", "price of the asset in its quote", above(0))
    .requiredOption("--lower <number>", "lower price of the range", above(0))
    .requiredOption("--upper <number>", "upper price of the range", above(0))
    .requiredOption("--volatility <number>", "annual volatility of the price, 0.8 = 80%", above(0))
    .option("--value <number>", "value of the position, in the quote", above(0), 100_000)
    .option("--days <number>", "horizon, days that the position is held", above(0), 30)
    .option("--strip <count>", "puts in the strip", whole(1, 1000), 3)
    .option("--legs <count>", "options to choose at most, 1 to 3", whole(1, 3), 3)
    .option(
      "--quotes <file>",
      "options at hand, CSV: expiry_days,kind,strike,bid,ask and forward if it is not the spot (default: none)",
    )
    .option("--premium <number>", "most to pay for options, in the quote", above(0), 1_000)
    .option("--fee-apr <number>", "fees that the position earns a year, 0.2 = 20% of its value", zeroOrMore)
    .option(
      "--max-gamma <number>",
      "limit on dollar gamma, 1.5 = 150% of the position's value (default: none)",
      above(0),
    )
    .option("--underlying <number>", "price of the options' asset (default: the position's own asset)", above(0))
    .option("--underlying-volatility <number>", "with --underlying: its annual volatility, 0.7 = 70%", above(0))
    .option("--correlation <number>", "with --underlying: of its log price with the position's, −1 to 1", number)
    .action(async (words: Words) => say((await describeOptions(words)).join("\n")));
}

async function describeOptions(words: Words): Promise<string[]> {
  const { price, lower, upper, volatility, value } = words;
  if (lower >= upper)
    throw new KeeperError(`The range from ${lower} to ${upper} is empty.`, "Give --lower below --upper.");
  const time = words.days / 365;
  const worth = lpGreeks({ liquidity: 1, lower, upper }, price).value;
  const range = { liquidity: value / worth, lower, upper };
  const underlying = underlyingOf(words);
  const view: OptionsView = { range, price, volatility, time };
  const lines = formatPosition(view, words.strip);
  if (words.quotes === undefined) {
    return [...lines, "", "Give --quotes for the options that would hedge it."];
  }
  const spot = underlying?.price ?? price;
  const { quotes, forwards } = await readQuotes(words.quotes, spot);
  const surface = surfaceFrom(quotes, (expiry) => ({ forward: forwards.get(expiry) ?? spot }));
  const refused = new Set(surface.refused.map(({ quote }) => quote));
  const options = quotes.flatMap((quote): PricedOption[] => {
    if (refused.has(quote)) return [];
    const forward = forwards.get(quote.time)!;
    const implied = surfaceVolatility(surface, quote.strike / forward, quote.time);
    return [{ quote, volatility: implied, carry: Math.log(forward / spot) / quote.time }];
  });
  const atMoney = surfaceVolatility(surface, 1, time);
  // Of another asset's options only how much dearer than its own volatility they are is known of the position's.
  const implied = underlying === null ? atMoney : (volatility * atMoney) / underlying.volatility;
  const usable = options.filter(({ quote }) => quote.time >= time * (1 - 1e-9));
  if (usable.length === 0) {
    throw new KeeperError(`No usable quote lasts ${words.days} days.`, "Give later expiries, or a smaller --days.");
  }
  const { premium, legs, feeApr, maxGamma } = words;
  const choice = bestLegs({ ...view, underlying, options: usable, premium, legs });
  const impliedLvr = relativeLvr(range, price, implied);
  const binds = -lpGreeks(range, price).gamma * price * price > (maxGamma ?? Number.POSITIVE_INFINITY) * value;
  const purchase = feeApr === undefined && !binds ? null : worthBuying(feeApr ?? 0, impliedLvr, binds);
  return [
    ...lines,
    ...formatSurface(surface, atMoney, time),
    ...formatLegs(choice, view, {
      premium,
      implied,
      impliedLvr,
      purchase,
      rho2: underlying === null ? null : underlying.correlation ** 2,
    }),
  ];
}

function underlyingOf({ underlying, underlyingVolatility, correlation }: Words): Underlying | null {
  const given = [underlying, underlyingVolatility, correlation].filter((value) => value !== undefined).length;
  if (given === 0) return null;
  if (given < 3) {
    throw new KeeperError(
      "Options on another asset need its price, its volatility and its correlation.",
      "Give --underlying, --underlying-volatility and --correlation together.",
    );
  }
  return { price: underlying!, volatility: underlyingVolatility!, correlation: correlation! };
}

function number(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new InvalidArgumentError("It must be a number.");
  return value;
}

function zeroOrMore(text: string): number {
  const value = number(text);
  if (value < 0) throw new InvalidArgumentError("It must be a number, zero or more.");
  return value;
}

function above(least: number): (text: string) => number {
  return (text) => {
    const value = number(text);
    if (value <= least) throw new InvalidArgumentError(`It must be a number above ${least}.`);
    return value;
  };
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}
