import { expect } from "chai";
import fc from "fast-check";
import { forwardPrice, type OptionMarket, optionGreeks } from "../../../keeper/src/model/options/black-scholes.js";
import { type Option, OptionError } from "../../../keeper/src/model/options/option.js";
import { expectClose } from "../expect-close.js";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const greeks = (kind: Option["kind"], strike: number, time: number, market: OptionMarket) =>
  optionGreeks({ kind, strike, time }, market);

describe("Black–Scholes, published values", () => {
  it("has Hull's: Options, Futures and Other Derivatives, chapters on the model and on the greeks", () => {
    const six = { spot: 42, volatility: 0.2, rate: 0.1 };
    expectClose(greeks("call", 40, 0.5, six).price, 4.76, 0.005);
    expectClose(greeks("put", 40, 0.5, six).price, 0.81, 0.005);
    const hedged = greeks("call", 50, 20 / 52, { spot: 49, volatility: 0.2, rate: 0.05 });
    expectClose(hedged.price, 2.4005, 5e-5);
    expectClose(hedged.delta, 0.522, 5e-4);
    expectClose(hedged.gamma, 0.066, 5e-4);
    expectClose(hedged.vega, 12.1, 0.05);
    expectClose(hedged.theta, -4.31, 0.005);
    expectClose(hedged.rho, 8.91, 0.005);
  });

  it("has Haug's: The Complete Guide to Option Pricing Formulas, chapters 1 and 2", () => {
    // Black–Scholes, Merton with a yield, Black on a future (b = 0: the yield is the rate), Garman–Kohlhagen on a currency.
    expectClose(greeks("call", 65, 0.25, { spot: 60, volatility: 0.3, rate: 0.08 }).price, 2.1334, 5e-5);
    expectClose(greeks("put", 95, 0.5, { spot: 100, volatility: 0.2, rate: 0.1, yield: 0.05 }).price, 2.4648, 5e-5);
    const future = { spot: 19, volatility: 0.28, rate: 0.1, yield: 0.1 };
    for (const kind of ["call", "put"] as const) expectClose(greeks(kind, 19, 0.75, future).price, 1.7011, 5e-5);
    expectClose(
      greeks("call", 1.6, 0.5, { spot: 1.56, volatility: 0.12, rate: 0.06, yield: 0.08 }).price,
      0.0291,
      5e-5,
    );
    const index = { spot: 105, volatility: 0.36, rate: 0.1, yield: 0.1 };
    expectClose(greeks("call", 100, 0.5, index).delta, 0.5946, 5e-5);
    expectClose(greeks("put", 100, 0.5, index).delta, -0.3566, 5e-5);
    expectClose(greeks("call", 60, 0.75, { spot: 55, volatility: 0.3, rate: 0.1 }).gamma, 0.0278, 5e-5);
    expectClose(
      greeks("call", 60, 0.75, { spot: 55, volatility: 0.3, rate: 0.105, yield: 0.0355 }).vega,
      18.5027,
      5e-5,
    );
    expectClose(
      greeks("put", 405, 1 / 12, { spot: 430, volatility: 0.2, rate: 0.07, yield: 0.05 }).theta,
      -31.1924,
      5e-5,
    );
    expectClose(greeks("call", 75, 1, { spot: 72, volatility: 0.19, rate: 0.09 }).rho, 38.7325, 5e-5);
  });
});

describe("Black–Scholes, properties", () => {
  const market = fc.record({
    spot: number(1, 5_000),
    moneyness: number(-1.5, 1.5),
    time: number(1 / 365, 2),
    volatility: number(0.05, 2.5),
    rate: number(-0.05, 0.2),
    yield: number(-0.05, 0.2),
  });

  it("keeps put–call parity, and the bounds of a price without arbitrage", () => {
    fc.assert(
      fc.property(market, ({ moneyness, time, ...given }) => {
        const strike = given.spot * Math.exp(moneyness);
        const [call, put] = [greeks("call", strike, time, given), greeks("put", strike, time, given)];
        const discount = Math.exp(-given.rate * time);
        const carried = given.spot * Math.exp(-given.yield * time);
        const certain = carried - strike * discount;
        expectClose(call.price - put.price, certain, 1e-12 * (carried + strike));
        expectClose(call.delta - put.delta, carried / given.spot, 1e-12);
        for (const same of ["gamma", "vega"] as const) expect(call[same]).to.equal(put[same]);
        const rounding = 1e-14 * (carried + strike);
        expect(call.price).to.be.within(Math.max(0, certain - rounding), carried + rounding);
        expect(put.price).to.be.within(Math.max(0, -certain - rounding), strike * discount + rounding);
        // Falls and is convex in the strike.
        const [low, high] = [0.9, 1.1].map((factor) => greeks("call", strike * factor, time, given).price);
        expect(call.price).to.be.at.most(low!);
        expect(low! + high! - 2 * call.price).to.be.above(-1e-12 * carried);
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  it("has the greeks that differences of the price have", () => {
    fc.assert(
      fc.property(market, fc.constantFrom("call", "put"), ({ moneyness, time, ...given }, kind) => {
        const strike = given.spot * Math.exp(moneyness * 0.3);
        const at = (change: Partial<OptionMarket>, later = time) =>
          greeks(kind as Option["kind"], strike, later, { ...given, ...change }).price;
        const found = greeks(kind as Option["kind"], strike, time, given);
        const h = 1e-4 * given.spot * Math.min(1, given.volatility * Math.sqrt(time));
        const [up, down] = [at({ spot: given.spot + h }), at({ spot: given.spot - h })];
        expectClose(found.delta, (up - down) / (2 * h), 1e-6);
        expectClose(
          found.gamma * given.spot,
          ((up + down - 2 * found.price) / (h * h)) * given.spot,
          1e-3 * (1 + found.gamma * given.spot),
        );
        const close = (value: number, right: number, left: number, step: number) =>
          expectClose(value, (right - left) / (2 * step), 1e-5 * (given.spot + Math.abs(value)));
        const s = 1e-5;
        close(found.vega, at({ volatility: given.volatility + s }), at({ volatility: given.volatility - s }), s);
        close(found.rho, at({ rate: given.rate + s }), at({ rate: given.rate - s }), s);
        const t = 1e-4 * time;
        close(-found.theta, at({}, time + t), at({}, time - t), t);
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  it("keeps its digits far out of the money, and is the payoff where nothing can happen", () => {
    // In 40-digit arithmetic.
    expectClose(forwardPrice("call", 100, 100 * Math.exp(2), 0.1) / 3.71945072680464e-89, 1, 1e-10);
    expectClose(forwardPrice("call", 100, 100 * Math.exp(0.5), 0.02) / 3.12977677298013e-139, 1, 1e-10);
    expect(forwardPrice("put", 100, 130, 0)).to.equal(30);
    expect(forwardPrice("call", 100, 130, 0)).to.equal(0);
  });

  it("refuses what is no option", () => {
    const fine = { spot: 100, volatility: 0.5 };
    for (const [strike, time, given] of [
      [0, 1, fine],
      [100, 0, fine],
      [100, -1, fine],
      [100, 1, { ...fine, spot: Number.NaN }],
      [100, 1, { ...fine, volatility: 0 }],
      [100, 1, { ...fine, rate: Number.POSITIVE_INFINITY }],
    ] as const) {
      expect(() => greeks("call", strike, time, given)).to.throw(OptionError);
    }
  });
});
