import type { ForwardMarket } from "./implied-volatility.js";
import type { OptionQuote, RefusedQuote } from "./quote.js";

/** A quote as a call on one unit of forward, undiscounted: a put is one by parity. */
interface CallQuote {
  readonly quote: OptionQuote;
  /** K/F. */
  readonly strike: number;
  readonly time: number;
  readonly bid: number;
  readonly ask: number;
}

interface Arbitrage {
  readonly why: RefusedQuote["why"];
  readonly quotes: readonly CallQuote[];
  readonly reason: string;
}

/** Relative to the forward: a smaller profit is rounding. */
const LEAST_PROFIT = 1e-9;

/** Quotes that admit no arbitrage with each other, at what they can be traded at, and the others. */
export interface SortedQuotes {
  readonly kept: readonly OptionQuote[];
  readonly refused: readonly RefusedQuote[];
}

/**
 * Sort out quotes that allow a profit without risk: by themselves (bid above ask, outside the bounds of any price), with others of their
 * expiry (parity, vertical spreads, butterflies), with the same strike over the forward at another expiry (calendar spreads). Of those that
 * allow it together the one that is part of most of it goes, the farthest from the money where they are equal, until nothing is left to win.
 *
 * @param market Forward and discount factor by time to expiry
 */
export function sortQuotes(quotes: readonly OptionQuote[], market: (time: number) => ForwardMarket): SortedQuotes {
  const refused: RefusedQuote[] = [];
  let calls: CallQuote[] = [];
  for (const quote of quotes) {
    const call = asCall(quote, market(quote.time));
    const alone = aloneRefused(quote, call);
    if (alone === null) calls.push(call);
    else refused.push({ quote, ...alone });
  }
  for (;;) {
    const found = arbitrages(calls);
    if (found.length === 0) break;
    const parts = (call: CallQuote): number => found.filter(({ quotes: some }) => some.includes(call)).length;
    const worst = calls
      .map((call) => ({ call, count: parts(call), far: Math.abs(Math.log(call.strike)) }))
      .reduce((p, q) => (q.count > p.count || (q.count === p.count && q.far > p.far) ? q : p)).call;
    const { why, reason } = found.find(({ quotes: some }) => some.includes(worst))!;
    refused.push({ quote: worst.quote, why, reason });
    calls = calls.filter((call) => call !== worst);
  }
  return { kept: calls.map(({ quote }) => quote), refused };
}

function asCall(quote: OptionQuote, { forward, discount = 1 }: ForwardMarket): CallQuote {
  const strike = quote.strike / forward;
  const shift = quote.kind === "put" ? 1 - strike : 0;
  const unit = discount * forward;
  return { quote, strike, time: quote.time, bid: quote.bid / unit + shift, ask: quote.ask / unit + shift };
}

function aloneRefused(quote: OptionQuote, { strike, bid, ask }: CallQuote): Omit<RefusedQuote, "quote"> | null {
  const { name } = quote;
  if (quote.bid > quote.ask)
    return { why: "crossed", reason: `${name}: its bid ${quote.bid} is above its ask ${quote.ask}` };
  if (ask < Math.max(0, 1 - strike) - LEAST_PROFIT) {
    return {
      why: "bounds",
      reason: `${name}: its ask ${quote.ask} is below what its exercise is worth at the forward`,
    };
  }
  if (bid > 1 + LEAST_PROFIT) {
    return { why: "bounds", reason: `${name}: its bid ${quote.bid} is above the most that it can ever pay` };
  }
  return null;
}

function arbitrages(calls: readonly CallQuote[]): Arbitrage[] {
  const found: Arbitrage[] = [];
  const expiries = [...new Set(calls.map(({ time }) => time))].sort((p, q) => p - q);
  for (const time of expiries) {
    const some = calls.filter((call) => call.time === time).sort((p, q) => p.strike - q.strike);
    found.push(...verticals(some), ...butterflies(some));
  }
  for (const near of calls) {
    for (const far of calls) {
      if (far.time <= near.time || Math.abs(far.strike / near.strike - 1) > 1e-9) continue;
      if (near.bid - far.ask <= LEAST_PROFIT) continue;
      const reason = `${near.quote.name} bids more than ${far.quote.name} asks, which lasts longer at the same strike`;
      found.push({ why: "calendar", quotes: [near, far], reason });
    }
  }
  return found;
}

/** A call is worth no more than one with a lower strike, and less than it by no more than the difference of the strikes. */
function verticals(calls: readonly CallQuote[]): Arbitrage[] {
  const found: Arbitrage[] = [];
  calls.forEach((low, i) => {
    for (const high of calls.slice(i + 1)) {
      const gap = high.strike - low.strike;
      const same = gap <= 1e-12;
      const rising = high.bid - low.ask > LEAST_PROFIT;
      const steep = low.bid - high.ask - gap > LEAST_PROFIT;
      if (!rising && !steep) continue;
      const names = `${low.quote.name} and ${high.quote.name}`;
      const reason = same
        ? `${names}: put, call and forward do not agree (put–call parity)`
        : rising
          ? `${names}: the spread between them can be bought for less than nothing`
          : `${names}: the spread between them can be sold for more than it can ever pay`;
      found.push({ why: same ? "parity" : "vertical", quotes: [low, high], reason });
    }
  });
  return found;
}

/** A call's price is convex in its strike. */
function butterflies(calls: readonly CallQuote[]): Arbitrage[] {
  const found: Arbitrage[] = [];
  calls.forEach((low, i) => {
    calls.slice(i + 1).forEach((middle, j) => {
      if (middle.strike <= low.strike) return;
      for (const high of calls.slice(i + j + 2)) {
        if (high.strike <= middle.strike) continue;
        const share = (high.strike - middle.strike) / (high.strike - low.strike);
        if (middle.bid - share * low.ask - (1 - share) * high.ask <= LEAST_PROFIT) continue;
        const names = [low, middle, high].map(({ quote }) => quote.name).join("; ");
        found.push({
          why: "butterfly",
          quotes: [low, middle, high],
          reason: `${names}: their butterfly can be bought for less than nothing`,
        });
      }
    });
  });
  return found;
}
