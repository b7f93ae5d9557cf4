import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { firstPassageProbability } from "../../../keeper/src/model/margin/first-passage.js";
import { largestLeverage, optimumLeverage } from "../../../keeper/src/model/margin/leverage.js";
import { liquidityAdjusted, squareRootImpact } from "../../../keeper/src/model/margin/liquidity-adjusted.js";
import { requiredAccountMargin, requiredMargin } from "../../../keeper/src/model/margin/required-margin.js";
import { expectClose } from "../expect-close.js";

describe("margin that is required", () => {
  it("leaves a short exactly at maintenance after its move", () => {
    const figure = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(figure, figure, (move, maintenance) => {
        const margin = requiredMargin({ move, addOn: 0 }, maintenance);
        const price = Math.exp(move);
        expectClose((margin - (price - 1)) / price, maintenance, 1e-12);
        expectClose(requiredMargin({ move, addOn: 0.01 }, maintenance), margin + 0.01, 1e-12);
      }),
    );
    expectClose(requiredMargin({ move: Math.log(1.2), addOn: 0 }, 0.0625), 0.275, 1e-12);
  });

  it("of an account is that of each short by its part", () => {
    const eth = { notional: 300, move: 0.2, addOn: 0.002 };
    const btc = { notional: 100, move: 0.1, addOn: 0.001 };
    const expected = 0.75 * requiredMargin(eth, 0.05) + 0.25 * requiredMargin(btc, 0.05);
    expectClose(requiredAccountMargin([eth, btc], 0.05)!, expected, 1e-12);
    expect(requiredAccountMargin([], 0.05)).to.equal(null);
    expect(requiredAccountMargin([{ ...eth, notional: 0 }], 0.05)).to.equal(null);
    expect(() => requiredMargin({ move: -0.1, addOn: 0 }, 0.05)).to.throw(KeeperError);
  });
});

describe("cost of closing", () => {
  it("lengthens the time by that of closing, and adds half the spread and the impact", () => {
    const base = { move: 0.1, horizonHours: 24, liquidationHours: 0, halfSpread: 0.001, impact: 0.004 };
    expect(liquidityAdjusted(base)).to.deep.equal({ move: 0.1, addOn: 0.005 });
    expectClose(liquidityAdjusted({ ...base, liquidationHours: 72 }).move, 0.2, 1e-12);
    expect(() => liquidityAdjusted({ ...base, horizonHours: 0 })).to.throw(KeeperError);
    expect(() => liquidityAdjusted({ ...base, impact: Number.NaN })).to.throw(KeeperError);
  });

  it("grows with the root of the trade's share of the volume", () => {
    expectClose(squareRootImpact(1e6, 0.04, 1e8, 0.5), 0.002, 1e-12);
    expectClose(squareRootImpact(4e6, 0.04, 1e8, 0.5), 0.004, 1e-12);
    expect(() => squareRootImpact(1, 0.04, 0)).to.throw(KeeperError);
  });
});

describe("leverage", () => {
  it("at most is one over the margin that is required", () => {
    expectClose(largestLeverage({ move: Math.log(1.2), addOn: 0 }, 0.0625), 1 / 0.275, 1e-12);
  });

  it("is cheapest where a little more margin costs what it saves", () => {
    const probability = (margin: number) =>
      firstPassageProbability({ margin, maintenance: 0.025, volatility: 0.8, years: 1 / 365 });
    const costs = { idleRate: 0.05, liquidation: 0.05, latencyYears: 1 / 365, probability };
    const { margin, leverage, cost } = optimumLeverage(costs);
    expectClose(leverage * margin, 1, 1e-12);
    const at = (one: number) => 0.05 * one + probability(one) * 365 * 0.05;
    expectClose(cost, at(margin), 1e-12);
    for (let other = 0.05; other < 2; other += 0.003) expect(cost).to.be.at.most(at(other) * 1.0005);
    expect(optimumLeverage({ ...costs, liquidation: 0.5 }).leverage).to.be.below(leverage);
    expect(optimumLeverage({ ...costs, idleRate: 0.5 }).leverage).to.be.above(leverage);
    expect(() => optimumLeverage({ ...costs, latencyYears: 0 })).to.throw(KeeperError);
  });
});
