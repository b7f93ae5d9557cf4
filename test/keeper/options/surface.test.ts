import { expect } from "chai";
import fc from "fast-check";
import { forwardPrice } from "../../../keeper/src/model/options/black-scholes.js";
import { OptionError } from "../../../keeper/src/model/options/option.js";
import type { OptionQuote } from "../../../keeper/src/model/options/quote.js";
import { surfaceFrom, surfaceVolatility } from "../../../keeper/src/model/options/surface.js";
import {
  butterflyFunction,
  type Svi,
  sviVariance,
  worstButterfly,
  worstCalendar,
} from "../../../keeper/src/model/options/svi.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";

const FORWARD = 2_000;
const market = () => ({ forward: FORWARD });
const MONEYNESS = [0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.3];
/** Quotes around a volatility by k and time, with a spread of a half per cent of the price to each side. */
function quotesOf(volatility: (k: number, time: number) => number, days = [7, 30, 90], spread = 0.005): OptionQuote[] {
  return days.flatMap((day) =>
    MONEYNESS.map((moneyness): OptionQuote => {
      const [time, strike, kind] = [day / 365, moneyness * FORWARD, moneyness < 1 ? "put" : "call"] as const;
      const price = forwardPrice(kind, FORWARD, strike, volatility(Math.log(moneyness), time) * Math.sqrt(time));
      return {
        name: `${kind} ${strike}, ${day} days`,
        kind,
        strike,
        time,
        bid: price * (1 - spread),
        ask: price * (1 + spread),
      };
    }),
  );
}

describe("volatility surface", () => {
  it("comes back flat from flat quotes, at every strike and time", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.3, max: 1.5, noNaN: true }), (level) => {
        const surface = surfaceFrom(
          quotesOf(() => level),
          market,
        );
        expect(surface.refused).to.deep.equal([]);
        expect(surface.warnings).to.deep.equal([]);
        expect(surface.slices.length).to.equal(3);
        for (const moneyness of [0.7, 0.9, 1, 1.15, 1.4]) {
          for (const days of [1, 7, 20, 30, 60, 90, 200]) {
            expectClose(surfaceVolatility(surface, moneyness, days / 365), level, 1e-3 * level);
          }
        }
      }),
      { seed: 11, numRuns: 3 },
    );
  });

  it("finds a skew that quotes were made with", () => {
    const svi = (time: number): Svi => ({ a: 0.2 * time, b: 0.4 * time, rho: -0.3, m: 0.02, sigma: 0.4 });
    const known = (k: number, time: number) => Math.sqrt(sviVariance(svi(time), k) / time);
    const surface = surfaceFrom(quotesOf(known), market);
    expect(surface.refused).to.deep.equal([]);
    for (const { error, quotes } of surface.slices) {
      expect(quotes).to.equal(MONEYNESS.length);
      expect(error).to.be.below(1e-3);
    }
    for (const moneyness of [0.8, 0.9, 1, 1.1, 1.2]) {
      // Between expiries too: this surface's total variance is linear in time.
      for (const days of [7, 15, 30, 45, 90]) {
        const wanted = known(Math.log(moneyness), days / 365);
        expectClose(surfaceVolatility(surface, moneyness, days / 365), wanted, 3e-3);
      }
    }
  });

  it("admits neither butterflies nor calendar spreads, whatever the skew is", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(number(0.3, 1.2), number(-0.8, 0.8), number(0, 1.5), (level, slope, bend) => {
        const skew = (k: number) => Math.max(0.1, level + slope * k + bend * k * k);
        const surface = surfaceFrom(quotesOf(skew, [7, 30]), market);
        surface.slices.forEach(({ svi }, i) => {
          // Finer than the search, and off its places.
          for (let k = -3.9; k < 3.9; k += 0.0037) expect(butterflyFunction(svi, k)).to.be.above(-1e-6);
          if (i > 0) expect(worstCalendar(surface.slices[i - 1]!.svi, svi).value).to.be.above(-1e-8);
        });
      }),
      { seed: 12, numRuns: 6 },
    );
  });

  it("keeps every expiry of a steep skew whose quotes err within their spreads", () => {
    const normal = seededNormals(15);
    const skew = (k: number, time: number) =>
      0.6 + 0.1 * Math.exp(-8 * time) - 0.19 * k + (0.15 + 0.4 * Math.exp(-10 * time)) * k * k;
    const quotes = quotesOf(skew, [7, 30, 90, 180], 0.02).map((quote) => {
      const factor = 1 + 0.003 * Math.max(-3, Math.min(3, normal()));
      return { ...quote, bid: quote.bid * factor, ask: quote.ask * factor };
    });
    const { slices, refused, warnings } = surfaceFrom(quotes, market);
    expect(slices.length).to.equal(4);
    expect([...refused, ...warnings]).to.deep.equal([]);
    for (const { error } of slices) expect(error).to.be.below(0.005);
  });

  it("leaves an expiry out that no slice free of arbitrage fits, and says where", () => {
    // 30 days have a third of a week's volatility: each expiry alone is fine, and far strikes have no common expiry to compare quotes at.
    const falling = (_: number, time: number) => (time > 0.05 ? 0.3 : 1.2);
    const shifted = quotesOf(falling, [7, 30]).map((quote) =>
      quote.time > 0.05 ? { ...quote, strike: quote.strike * 1.001 } : quote,
    );
    const { slices, warnings } = surfaceFrom(shifted, market);
    expect(slices.map(({ time }) => Math.round(time * 365))).to.deep.equal([7]);
    expect(warnings.join()).to.match(/30 days: .* left out/);
  });

  it("needs quotes: too few are flat, none is an error", () => {
    const three = quotesOf(() => 0.6, [30]).slice(4, 7);
    const surface = surfaceFrom(three, market);
    expect(surface.warnings.join()).to.include("3 quotes tell no skew");
    expectClose(surfaceVolatility(surface, 1.5, 30 / 365), 0.6, 1e-3);
    expect(() => surfaceFrom([], market)).to.throw(OptionError, "No expiry");
    expect(() => surfaceFrom([{ ...three[0]!, ask: Number.NaN }], market)).to.throw(OptionError, "ask of");
    expect(() => surfaceFrom([{ ...three[0]!, bid: -1 }], market)).to.throw(OptionError, "bid of");
    expect(() => surfaceVolatility(surface, 1, 0)).to.throw(OptionError);
  });
});

describe("g of Gatheral and Jacquier", () => {
  it("is one where the skew is flat, and negative for the example of Axel Vogt", () => {
    expectClose(butterflyFunction({ a: 0.04, b: 0, rho: 0, m: 0, sigma: 0.1 }, 0.7), 1, 1e-12);
    // Arbitrage-free SVI volatility surfaces, section 3.1: this slice looks well and has a negative density near k = 0.8.
    const vogt = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const worst = worstButterfly(vogt);
    expect(worst.value).to.be.below(0);
    expect(worst.k).to.be.within(0.5, 1.2);
  });

  it("times a normal density is the density of prices: the second derivative of calls in the strike", () => {
    const vogt = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };
    const steep = { a: 0.3, b: 0.8, rho: -0.4, m: 0.1, sigma: 0.5 };
    for (const slice of [vogt, steep]) {
      const call = (strike: number) => forwardPrice("call", 1, strike, Math.sqrt(sviVariance(slice, Math.log(strike))));
      for (let k = -1; k <= 1.4; k += 0.1) {
        const [strike, h, w] = [Math.exp(k), 2e-4, sviVariance(slice, k)];
        const second = (call(strike + h) + call(strike - h) - 2 * call(strike)) / (h * h);
        const d2 = -k / Math.sqrt(w) - Math.sqrt(w) / 2;
        const density = (butterflyFunction(slice, k) * Math.exp((-d2 * d2) / 2)) / Math.sqrt(2 * Math.PI * w);
        expectClose(second, density / strike, 1e-5);
      }
    }
  });
});
