import { expect } from "chai";
import fc from "fast-check";
import { forwardPrice } from "../../../keeper/src/model/options/black-scholes.js";
import { type OptionQuote, optionName } from "../../../keeper/src/model/options/quote.js";
import { sortQuotes } from "../../../keeper/src/model/options/quote-arbitrage.js";
import { surfaceFrom, surfaceVolatility } from "../../../keeper/src/model/options/surface.js";

const FORWARD = 2_000;
const market = () => ({ forward: FORWARD });

function quote(kind: "call" | "put", strike: number, days: number, change: (price: number) => number = (p) => p) {
  const time = days / 365;
  const price = change(forwardPrice(kind, FORWARD, strike, 0.7 * Math.sqrt(time)));
  return { kind, strike, time, name: optionName({ kind, strike, time }), bid: price * 0.99, ask: price * 1.01 };
}
const clean = (): OptionQuote[] =>
  [7, 30].flatMap((days) => [
    ...[1_600, 1_700, 1_800, 1_900, 2_000].map((strike) => quote("put", strike, days)),
    ...[2_000, 2_100, 2_200, 2_400, 2_600].map((strike) => quote("call", strike, days)),
  ]);

describe("quotes that admit arbitrage", () => {
  it("are found and named, each by its kind; the others are kept", () => {
    const bad: [OptionQuote["name"], string, (quotes: OptionQuote[]) => OptionQuote][] = [
      ["crossed", "its bid", () => ({ ...quote("put", 1_750, 30), bid: 100, ask: 90 })],
      ["bounds", "below what its exercise", () => ({ ...quote("call", 1_500, 30), bid: 440, ask: 450 })],
      ["bounds", "the most that it can ever pay", () => ({ ...quote("put", 1_500, 30), bid: 1_600, ask: 1_700 })],
      ["parity", "put–call parity", () => ({ ...quote("call", 1_800, 30, (price) => price + 60) })],
      ["vertical", "more than it can ever pay", () => ({ ...quote("put", 1_950, 30, () => 70) })],
      ["vertical", "less than nothing", () => ({ ...quote("call", 2_050, 30, () => 185) })],
      ["butterfly", "butterfly", () => ({ ...quote("call", 2_300, 30, (price) => price * 1.25) })],
      ["calendar", "lasts longer", () => ({ ...quote("put", 1_700, 60, () => 2) })],
    ];
    for (const [why, words, make] of bad) {
      const quotes = clean();
      const one = make(quotes);
      const { kept, refused } = sortQuotes([...quotes, one], market);
      expect(refused.map(({ quote: { name } }) => name)).to.deep.equal([one.name]);
      expect(refused[0]!.why).to.equal(why);
      expect(refused[0]!.reason).to.include(words).and.include(one.name);
      expect(kept).to.deep.equal(quotes);
    }
  });

  it("are each found in a set with several of them, and the surface is made of the rest", () => {
    const bad = [
      { ...quote("put", 1_750, 30), bid: 100, ask: 90 },
      quote("put", 1_850, 7, (price) => price * 1.8),
      quote("call", 2_300, 30, (price) => price * 1.2),
    ];
    const { refused, slices, ...rest } = surfaceFrom([...clean(), ...bad], market);
    expect(refused.map(({ quote: { name } }) => name).sort()).to.deep.equal(bad.map(({ name }) => name).sort());
    for (const { reason } of refused) expect(reason.length).to.be.above(20);
    const volatility = surfaceVolatility({ refused, slices, ...rest }, 1.05, 20 / 365);
    expect(volatility).to.be.within(0.69, 0.71);
  });

  it("are none where all come from one volatility, however coarse the ticks within the spread", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.2, max: 2, noNaN: true }),
        fc.double({ min: 1e-3, max: 2, noNaN: true }),
        (level, tick) => {
          const quotes = clean().map((one) => {
            const price = forwardPrice(one.kind, FORWARD, one.strike, level * Math.sqrt(one.time));
            return { ...one, bid: Math.floor(price / tick) * tick, ask: (Math.floor(price / tick) + 1) * tick };
          });
          expect(sortQuotes(quotes, market).refused).to.deep.equal([]);
        },
      ),
      { seed: 13, numRuns: 100 },
    );
  });

  it("are judged against the forward of their expiry, discounted", () => {
    const [forward, discount, time] = [2_100, 0.95, 0.5];
    const quotes = [1_700, 1_900, 2_100, 2_300, 2_500].flatMap((strike) =>
      (["call", "put"] as const).map((kind) => {
        const price = discount * forwardPrice(kind, forward, strike, 0.5);
        return { kind, strike, time, name: optionName({ kind, strike, time }), bid: price * 0.999, ask: price * 1.001 };
      }),
    );
    expect(sortQuotes(quotes, () => ({ forward, discount })).refused).to.deep.equal([]);
    expect(sortQuotes(quotes, market).refused.map(({ why }) => why)).to.include("parity");
  });
});
