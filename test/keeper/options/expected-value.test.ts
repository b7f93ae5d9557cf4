import { expect } from "chai";
import fc from "fast-check";
import { lpGreeks } from "../../../keeper/src/model/lp-greeks.js";
import { lvrRate } from "../../../keeper/src/model/lvr.js";
import { optionGreeks } from "../../../keeper/src/model/options/black-scholes.js";
import {
  expectedPairVega,
  expectedValue,
  expectedVega,
  smallTimeVega,
} from "../../../keeper/src/model/options/expected-value.js";
import { lpStrip } from "../../../keeper/src/model/options/lp-strip.js";
import { priceScenarios } from "../../../keeper/src/model/options/price-scenarios.js";
import { expectClose } from "../expect-close.js";

const range = { liquidity: 1_000, lower: 1_600, upper: 2_500 };
const value = lpGreeks(range, 2_000).value;
const DAY = 1 / 365;
const cases = fc.record({
  price: fc.double({ min: 1_200, max: 3_300, noNaN: true }),
  volatility: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
  time: fc.double({ min: DAY, max: 90 * DAY, noNaN: true }),
});

describe("expected value of a position", () => {
  it("is the cash of its strip less its puts, and its vega is theirs", () => {
    fc.assert(
      fc.property(cases, ({ price, volatility, time }) => {
        const strip = lpStrip(range, 2_000);
        let [worth, vega] = [strip.cash, 0];
        for (const { strike, weight } of strip.legs) {
          const put = optionGreeks({ kind: "put", strike, time }, { spot: price, volatility });
          worth -= weight * put.price;
          vega -= weight * put.vega;
        }
        expectClose(expectedValue(range, price, volatility, time), worth, 1e-7 * value);
        expectClose(expectedVega(range, price, volatility, time), vega, 1e-6 * value);
      }),
      { seed: 9, numRuns: 25 },
    );
  });

  it("is the mean over prices, below the value by what is lost versus rebalancing until then", () => {
    for (const [price, volatility, time] of [
      [2_000, 0.8, 30 * DAY],
      [1_650, 1.2, 7 * DAY],
      [2_700, 0.5, 60 * DAY],
    ] as const) {
      const mean = priceScenarios(price, volatility, time, null).reduce(
        (sum, one) => sum + one.probability * lpGreeks(range, one.price).value,
        0,
      );
      expectClose(expectedValue(range, price, volatility, time), mean, 1e-5 * value);
    }
    const soon = DAY / 24;
    const lost = value - expectedValue(range, 2_000, 0.8, soon);
    expectClose(lost / (lvrRate(range, 2_000, 0.8) * soon), 1, 1e-3);
  });

  it("has the vega that is known of ±25% at a volatility of 80%: −0.035% of the value in a week, −0.104% in 30 days", () => {
    const perPoint = (vega: number) => (100 * vega) / 100 / value;
    expectClose(perPoint(expectedVega(range, 2_000, 0.8, 7 * DAY)), -0.035, 5e-4);
    expectClose(perPoint(expectedVega(range, 2_000, 0.8, 30 * DAY)), -0.104, 5e-4);
    expectClose(perPoint(smallTimeVega(range, 2_000, 0.8, 7 * DAY)), -0.036, 5e-4);
    expectClose(perPoint(smallTimeVega(range, 2_000, 0.8, 30 * DAY)), -0.156, 5e-4);
    const rate = (-2 * lvrRate(range, 2_000, 0.8) * 7 * DAY) / 0.8;
    expectClose(smallTimeVega(range, 2_000, 0.8, 7 * DAY), rate, 1e-9 * value);
  });

  it("has the vega that differences have, and the small-time formula as its limit", () => {
    fc.assert(
      fc.property(cases, ({ price, volatility, time }) => {
        const at = (sigma: number) => expectedValue(range, price, sigma, time);
        const h = 1e-4;
        const slope = (at(volatility + h) - at(volatility - h)) / (2 * h);
        expectClose(expectedVega(range, price, volatility, time), slope, 1e-6 * value);
      }),
      { seed: 10, numRuns: 100 },
    );
    const tiny = DAY / 1_000;
    expectClose(expectedVega(range, 2_000, 0.8, tiny) / smallTimeVega(range, 2_000, 0.8, tiny), 1, 1e-4);
  });

  it("of a pair is by the volatility of its ratio, and none where both prices move alike", () => {
    const movement = { volatility0: 0.8, volatility1: 0, correlation: 0, time: 30 * DAY };
    expectClose(
      expectedPairVega(range, 4_000, 2, movement),
      2 * expectedVega(range, 2_000, 0.8, 30 * DAY),
      1e-6 * value,
    );
    const alike = { volatility0: 0.8, volatility1: 0.8, correlation: 1, time: 30 * DAY };
    expect(Math.abs(expectedPairVega(range, 4_000, 2, alike))).to.be.below(1e-6);
  });
});
