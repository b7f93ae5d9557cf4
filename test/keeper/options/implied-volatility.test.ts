import { expect } from "chai";
import fc from "fast-check";
import { forwardPrice, optionGreeks } from "../../../keeper/src/model/options/black-scholes.js";
import { impliedVolatility } from "../../../keeper/src/model/options/implied-volatility.js";
import { OptionError } from "../../../keeper/src/model/options/option.js";
import { expectClose } from "../expect-close.js";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe("implied volatility", () => {
  it("gives back the volatility of any out-of-the-money price to 1e-10", () => {
    fc.assert(
      fc.property(number(-4, 4), number(0.01, 4), number(1 / 365, 3), (distance, volatility, time) => {
        const [forward, kind] = [100, distance >= 0 ? "call" : "put"] as const;
        const strike = forward * Math.exp(distance);
        const price = forwardPrice(kind, forward, strike, volatility * Math.sqrt(time));
        // Below this nothing is left of the price in floating point, and near its bound nothing of the rest.
        fc.pre(price > 1e-290 && price < 0.999 * Math.min(forward, strike));
        expectClose(impliedVolatility({ kind, strike, time }, price, { forward }), volatility, 1e-10);
      }),
      { seed: 5, numRuns: 2_000 },
    );
  });

  it("does so in the money as far as the price's last digit tells", () => {
    fc.assert(
      fc.property(number(-2, 2), number(0.05, 3), fc.boolean(), (distance, volatility, discounted) => {
        const [forward, time, discount] = [100, 0.5, discounted ? 0.97 : 1];
        const strike = forward * Math.exp(distance);
        const kind = distance >= 0 ? "put" : "call";
        const price = discount * forwardPrice(kind, forward, strike, volatility * Math.sqrt(time));
        const intrinsic = discount * Math.abs(forward - strike);
        fc.pre(price > intrinsic * (1 + 1e-14));
        const { vega } = optionGreeks({ kind, strike, time }, { spot: forward, volatility });
        const lastDigit = (8 * Number.EPSILON * price) / vega;
        fc.pre(lastDigit < 0.1 * volatility);
        const found = impliedVolatility({ kind, strike, time }, price, { forward, discount });
        expectClose(found, volatility, 1e-10 + 2 * lastDigit);
      }),
      { seed: 6, numRuns: 1_000 },
    );
  });

  it("has Hull's example: a call at 1.875 on 21 struck at 20, r 10%, three months, is at 23.5%", () => {
    const market = { forward: 21 * Math.exp(0.025), discount: Math.exp(-0.025) };
    expectClose(impliedVolatility({ kind: "call", strike: 20, time: 0.25 }, 1.875, market), 0.235, 5e-4);
  });

  it("refuses prices that allow arbitrage or have no time value, and says which bound they break", () => {
    const call = { kind: "call", strike: 80, time: 0.5 } as const;
    const put = { kind: "put", strike: 120, time: 0.5 } as const;
    const at = (option: typeof call | typeof put, price: number) => () =>
      impliedVolatility(option, price, { forward: 100, discount: 0.9 });
    for (const price of [-1, 0, 17.9, 18]) expect(at(call, price)).to.throw(OptionError, "least value 18");
    for (const price of [90, 200]) expect(at(call, price)).to.throw(OptionError, "largest value 90");
    for (const price of [108, 120]) expect(at(put, price)).to.throw(OptionError, "largest value 108");
    expect(at(put, Number.NaN)).to.throw(OptionError, "finite");
    expect(at({ ...call, time: 0 as 0.5 }, 20)).to.throw(OptionError, "time to expiry");
    expect(at(call, 18.5)()).to.be.above(0);
  });
});
