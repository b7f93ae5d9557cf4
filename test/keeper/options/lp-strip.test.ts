import { expect } from "chai";
import fc from "fast-check";
import { lpGreeks } from "../../../keeper/src/model/lp-greeks.js";
import { type LpStrip, lpStrip, stripError, stripValue } from "../../../keeper/src/model/options/lp-strip.js";
import { OptionError } from "../../../keeper/src/model/options/option.js";
import { expectClose } from "../expect-close.js";
import { vectors } from "../vectors.js";

/** ±25% around 2,000. */
const range = { liquidity: 1_000, lower: 1_600, upper: 2_500 };
const value = lpGreeks(range, 2_000).value;
/** From far below the range to far above. */
const GRID = Array.from({ length: 8_001 }, (_, i) => 100 * 80 ** (i / 8_000));
const differences = (strip: LpStrip) => GRID.map((price) => differenceAt(strip, price));
const differenceAt = (strip: LpStrip, price: number) => stripValue(strip, price) - lpGreeks(range, price).value;
const worstOf = (strip: LpStrip) => Math.max(...differences(strip).map(Math.abs));

describe("put strip of a Uniswap v3 position", () => {
  it("has the reference vectors' strikes and weights", () => {
    for (const { m, a, b, strikes, weights_L1 } of vectors.lp_strip) {
      const { legs, cash } = lpStrip({ liquidity: 1, lower: a, upper: b }, m);
      expect(legs.length).to.equal(m);
      legs.forEach(({ strike, weight }, i) => {
        expectClose(strike, strikes[i]!, 1e-9 * strikes[i]!);
        expectClose(weight, weights_L1[i]!, 1e-9 * weights_L1[i]!);
      });
      expectClose(cash, Math.sqrt(b) - Math.sqrt(a), 1e-12);
    }
  });

  it("is the value to 1% with three puts on a ±25% range and to 0.3% with five, at any price", () => {
    const known: [number, number][] = [
      [1, 0.059],
      [2, 0.0156],
      [3, 0.0071],
      [5, 0.0026],
      [10, 0.00065],
    ];
    for (const [legs, error] of known) expectClose(worstOf(lpStrip(range, legs)) / value, error, 0.02 * error);
    expect(worstOf(lpStrip(range, 3)) / value).to.be.below(0.01);
    expect(worstOf(lpStrip(range, 5)) / value).to.be.below(0.003);
    // Outside of the range it is exact: all puts are in the money, or none.
    for (const price of [1, 900, 1_600, 2_500, 9_000]) {
      expectClose(stripValue(lpStrip(range, 3), price), lpGreeks(range, price).value, 1e-9 * value);
    }
  });

  it("never lies below the value, and approaches it by the square of the number of puts", () => {
    let last = Number.POSITIVE_INFINITY;
    for (const legs of [1, 2, 3, 4, 6, 10, 30, 100, 300]) {
      const strip = lpStrip(range, legs);
      expect(Math.min(...differences(strip))).to.be.above(-1e-9 * value);
      const error = worstOf(strip);
      expect(error).to.be.below(last);
      last = error;
    }
    expectClose(stripError(range, lpStrip(range, 40)) / stripError(range, lpStrip(range, 80)), 4, 0.02);
    expect(last / value).to.be.below(1e-6);
  });

  it("tells its largest error over all prices, whatever its strikes and weights are", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const leg = fc.record({ strike: number(1_000, 3_000), weight: number(0, 3) });
    fc.assert(
      fc.property(fc.array(leg, { minLength: 1, maxLength: 4 }), number(0, 20_000), (legs, cash) => {
        const strip = { cash, legs: legs.sort((p, q) => p.strike - q.strike) };
        const exact = stripError(range, strip);
        // Below the grid both are linear: nothing but the error at zero is to be looked at there.
        const atZero = Math.abs(stripValue(strip, 0));
        const worst = Math.max(worstOf(strip), atZero);
        expect(exact).to.be.at.least(worst * (1 - 1e-12));
        expectClose(exact, worst, 1e-3 * worst + 1e-6 * value);
      }),
      { seed: 7, numRuns: 50 },
    );
    // With so much less cash it is farthest from the value where it touched it: between strikes, at the edges of the bins.
    const strip = lpStrip(range, 3);
    const low = { ...strip, cash: strip.cash - 2 * stripError(range, strip) };
    expectClose(stripError(range, low), 2 * stripError(range, strip), 1e-9 * value);
    // One put too few: the largest difference lies inside the range, where both have the same slope.
    const few = { cash: strip.cash, legs: [{ strike: 2_400, weight: 4.5 }] };
    expectClose(stripError(range, few), worstOf(few), 1e-6 * value);
    expect(worstOf(few)).to.be.above(
      1.005 * Math.max(...[0, 1_600, 2_400, 2_500].map((price) => Math.abs(differenceAt(few, price)))),
    );
  });

  it("errs by less than half as much to both sides with even bins", () => {
    for (const legs of [1, 2, 3, 5, 10]) {
      const even = lpStrip(range, legs, "even");
      const errors = differences(even);
      const worst = worstOf(even);
      expect(worst).to.be.at.most(0.5 * stripError(range, lpStrip(range, legs)) * (1 + 1e-9));
      expectClose(worst, stripError(range, even), 1e-4 * worst);
      // Every strike has the largest error, and every edge of a bin the same with the other sign.
      for (const { strike } of even.legs) {
        expectClose(stripValue(even, strike) - lpGreeks(range, strike).value, worst, 1e-4 * worst);
      }
      expectClose(Math.min(...errors), -worst, 1e-3 * worst);
    }
  });

  it("refuses ranges and counts that mean nothing", () => {
    expect(() => lpStrip({ ...range, lower: 2_500 }, 3)).to.throw(OptionError, "empty");
    expect(() => lpStrip({ ...range, liquidity: 0 }, 3)).to.throw(OptionError, "liquidity");
    for (const legs of [0, -1, 1.5, Number.NaN]) expect(() => lpStrip(range, legs)).to.throw(OptionError, "legs");
  });
});
