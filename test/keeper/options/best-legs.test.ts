import { expect } from "chai";
import fc from "fast-check";
import { solveConvexProgram } from "../../../keeper/src/model/convex/interior-point.js";
import { lpGreeks } from "../../../keeper/src/model/lp-greeks.js";
import {
  bestLegs,
  gammaEquivalent,
  type LegsProblem,
  type PricedOption,
} from "../../../keeper/src/model/options/best-legs.js";
import { bestSubset } from "../../../keeper/src/model/options/best-subset.js";
import { forwardPrice, optionGreeks } from "../../../keeper/src/model/options/black-scholes.js";
import { OptionError } from "../../../keeper/src/model/options/option.js";
import { priceScenarios, scenarioShortfall } from "../../../keeper/src/model/options/price-scenarios.js";
import { optionName } from "../../../keeper/src/model/options/quote.js";
import { worthBuying } from "../../../keeper/src/model/options/worth-buying.js";
import { expectClose } from "../expect-close.js";

const unit = { liquidity: 1, lower: 1_600, upper: 2_500 };
/** $100,000, ±25%. */
const range = { ...unit, liquidity: 100_000 / lpGreeks(unit, 2_000).value };
const [VOLATILITY, MONTH] = [0.8, 30 / 365];

function options(spot: number, volatility: number, markup = 1, time = MONTH): PricedOption[] {
  const strikes = [0.7, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.25, 1.4].map((share) => share * spot);
  return strikes.map((strike) => {
    const kind = strike < spot ? "put" : "call";
    const price = forwardPrice(kind, spot, strike, volatility * Math.sqrt(time));
    return {
      quote: { kind, strike, time, name: optionName({ kind, strike, time }), bid: 0, ask: markup * price },
      volatility,
    };
  });
}
const problem = (change: Partial<LegsProblem> = {}): LegsProblem => ({
  ...{
    range,
    price: 2_000,
    volatility: VOLATILITY,
    time: MONTH,
    underlying: null,
    options: options(2_000, VOLATILITY),
  },
  ...{ premium: 2_000, legs: 3 },
  ...change,
});
const cut = ({ before, after }: { before: number; after: number }) => 1 - after / before;

describe("best options for a position", () => {
  it("keep to the premium and to three legs, and do more for more", () => {
    let [deviation, gamma] = [Number.POSITIVE_INFINITY, 0];
    for (const premium of [250, 500, 1_000, 2_000, 4_000]) {
      const choice = bestLegs(problem({ premium }));
      expect(choice.legs.length).to.be.within(1, 3);
      expect(choice.premium).to.be.at.most(premium * (1 + 1e-9));
      for (const { size } of choice.legs) expect(size).to.be.above(0);
      expect(choice.deviation.after).to.be.below(deviation);
      expect(choice.gammaRemoved).to.be.above(gamma);
      expect(cut(choice.shortfall)).to.be.above(0);
      [deviation, gamma] = [choice.deviation.after, choice.gammaRemoved!];
    }
    const one = bestLegs(problem({ legs: 1 }));
    const two = bestLegs(problem({ legs: 2 }));
    expect(one.legs.length).to.equal(1);
    expect(two.deviation.after).to.be.at.most(one.deviation.after);
    expect(bestLegs(problem()).deviation.after).to.be.at.most(two.deviation.after);
  });

  it("at fair prices cost what they bring: with money enough, nearly all of the loss versus rebalancing and its tail is gone", () => {
    const free = bestLegs(problem({ premium: 1e6 }));
    expect(cut(free.deviation)).to.be.above(0.85);
    expect(cut(free.shortfall)).to.be.above(0.65);
    expect(free.gammaRemoved).to.be.within(0.5, 1.1);
    expectClose(free.premium / free.expectedLoss, 1, 0.3);
  });

  it("are the optimum of the convex program with all options in it, as far as that has no more legs", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(number(-1, 1), { minLength: 5, maxLength: 5 }), { minLength: 3, maxLength: 3 }),
        number(0.05, 3),
        (rows, budget) => {
          // Three variables, so that the subsets are all there are.
          const curve = rows.map((left, i) =>
            rows.map((right, j) => left.reduce((sum, v, k) => sum + v * right[k]!, i === j ? 0.05 : 0)),
          );
          const pull = rows.map((row) => row[0]! + row[1]! + 0.2);
          const costs = rows.map((row) => 0.5 + Math.abs(row[2]!));
          const found = bestSubset({ curve, pull, costs, budget }, [0, 1, 2], 3);
          const row = (columns: number[], values: number[], upper: number) => ({
            columns,
            values,
            upper,
            equality: false,
          });
          const { x } = solveConvexProgram(
            {
              P: curve,
              q: pull.map((g) => -g),
              rows: [row([0, 1, 2], costs, budget), ...[0, 1, 2].map((j) => row([j], [-1], 0))],
            },
            [0.1, 0.1, 0.1],
          );
          const objective = x.reduce(
            (sum, a, i) => sum + a * (x.reduce((s, b, j) => s + curve[i]![j]! * b, 0) / 2 - pull[i]!),
            0,
          );
          expectClose(found.objective, objective, 1e-7);
        },
      ),
      { seed: 14, numRuns: 100 },
    );
  });

  it("buy no more of what is dearer, and nothing with no money or no option that lasts", () => {
    const fair = bestLegs(problem({ premium: 1_500 }));
    const dear = bestLegs(problem({ premium: 1_500, options: options(2_000, VOLATILITY, 1.5) }));
    expect(dear.deviation.after).to.be.above(fair.deviation.after);
    const none = bestLegs(problem({ premium: 0 }));
    expect(none.legs).to.deep.equal([]);
    expect(none.deviation.after).to.equal(none.deviation.before);
    expect(bestLegs(problem({ options: options(2_000, VOLATILITY, 1, MONTH / 2) })).legs).to.deep.equal([]);
    // A put and a call at one strike are one and the same with a perp: the one that ties up less money is bought.
    const twins = options(2_000, VOLATILITY).flatMap(({ quote, volatility }) =>
      (["put", "call"] as const).map((kind) => {
        const ask = forwardPrice(kind, 2_000, quote.strike, volatility * Math.sqrt(MONTH));
        return { quote: { ...quote, kind, ask, name: optionName({ ...quote, kind }) }, volatility };
      }),
    );
    const [put, call] = (["put", "call"] as const).map((kind) =>
      bestLegs(problem({ legs: 1, premium: 1e6, options: twins.filter(({ quote }) => quote.kind === kind) })),
    );
    expectClose(put!.deviation.after, call!.deviation.after, 1e-9 * put!.deviation.after);
    expectClose(put!.shortfall.after, call!.shortfall.after, 1e-9 * put!.shortfall.after);
    const chosen = bestLegs(problem({ premium: 1_500, options: twins }));
    expectClose(chosen.deviation.after, fair.deviation.after, 1e-6 * fair.deviation.after);
  });

  it("refuse a budget, a count, a correlation or a volatility that means nothing", () => {
    expect(() => bestLegs(problem({ premium: -1 }))).to.throw(OptionError, "premium");
    expect(() => bestLegs(problem({ legs: 4 }))).to.throw(OptionError, "legs");
    expect(() => bestLegs(problem({ volatility: 0 }))).to.throw(OptionError, "volatility");
    const underlying = { price: 3_000, volatility: 0.6, correlation: 1.2 };
    expect(() => bestLegs(problem({ underlying }))).to.throw(OptionError, "correlation");
  });
});

describe("options on another asset", () => {
  const eth = (correlation: number) => ({ price: 3_000, volatility: 0.7, correlation });
  const across = (correlation: number) =>
    bestLegs(problem({ underlying: eth(correlation), options: options(3_000, 0.7), premium: 1e6 }));

  it("do what the same options on the own asset do where both move together", () => {
    const own = bestLegs(problem({ premium: 1e6 }));
    // Of the same asset at another price: volatilities alike.
    const alike = { price: 3_000, volatility: VOLATILITY, correlation: 1 };
    const twin = bestLegs(problem({ underlying: alike, options: options(3_000, VOLATILITY), premium: 1e6 }));
    expectClose(twin.deviation.after, own.deviation.after, 1e-6 * own.deviation.after);
    expectClose(twin.gammaRemoved!, own.gammaRemoved!, 1e-6);
  });

  it("do less the less they correlate: the part 1 − ρ² of the gamma stays", () => {
    let last = 0;
    for (const correlation of [0, 0.3, 0.6, 0.8, 0.95]) {
      const choice = across(correlation);
      expect(cut(choice.deviation)).to.be.at.least(last - 1e-9);
      expect(choice.gammaRemoved).to.be.at.most(1.1 * correlation ** 2 + 1e-9);
      last = cut(choice.deviation);
    }
    expect(last).to.be.above(0.5);
    expect(cut(across(0).deviation)).to.be.below(0.01);
  });

  it("have β²P²Γ/S² as the gamma that leaves least variance of both gammas", () => {
    const [price, volatility, gamma] = [2_000, 0.9, -0.05];
    const other = eth(0.75);
    const scenarios = priceScenarios(price, volatility, 1e-4, other);
    const deviation = (bought: number) => {
      const pnl = scenarios.map((one) => {
        const [a, e] = [one.price - price, one.underlying - other.price];
        return (gamma * a * a + bought * e * e) / 2;
      });
      const mean = pnl.reduce((sum, value, k) => sum + scenarios[k]!.probability * value, 0);
      return pnl.reduce((sum, value, k) => sum + scenarios[k]!.probability * (value - mean) ** 2, 0);
    };
    const best = -gammaEquivalent(gamma, price, volatility, other);
    for (const factor of [0.8, 0.95, 1.05, 1.2]) expect(deviation(factor * best)).to.be.above(deviation(best));
    // What stays of the variance is 1 − ρ⁴, since gammas multiply squares.
    expectClose(deviation(best) / deviation(0), 1 - 0.75 ** 4, 0.01);
  });
});

describe("scenarios and the rule of purchase", () => {
  it("have the martingale's mean, the deviation asked for and the normal's shortfall", () => {
    const scenarios = priceScenarios(2_000, 0.5, 0.04, { price: 100, volatility: 0.3, correlation: -0.6 });
    const mean = (of: (one: (typeof scenarios)[number]) => number) =>
      scenarios.reduce((s, one) => s + one.probability * of(one), 0);
    expectClose(
      mean(() => 1),
      1,
      1e-12,
    );
    expectClose(
      mean(({ price }) => price),
      2_000,
      0.01,
    );
    expectClose(
      mean(({ underlying }) => underlying),
      100,
      0.001,
    );
    expectClose(
      mean((one) => Math.log(one.price / 2_000) * Math.log(one.underlying / 100)),
      -0.6 * 0.5 * 0.3 * 0.04,
      1e-4,
    );
    // Of a standard normal the expected shortfall at 97.5% is φ(1.96)/0.025.
    const grid = priceScenarios(1, 1, 1, null);
    const normal = grid.map(({ price }) => Math.log(price) + 0.5);
    expectClose(scenarioShortfall(grid, normal), 2.3378, 0.01);
  });

  it("values options at their own volatility where they outlive the horizon", () => {
    const long = options(2_000, VOLATILITY, 1, 2 * MONTH);
    const choice = bestLegs(problem({ options: long, premium: 1e6 }));
    expect(choice.legs.length).to.be.above(0);
    const { quote, volatility } = choice.legs[0]!;
    expect(optionGreeks(quote, { spot: 2_000, volatility }).price).to.be.below(quote.ask * 1.000001);
    expect(cut(choice.deviation)).to.be.above(0.7);
  });

  it("buys where fees do not pay for the loss at implied volatility, or where a limit asks for it", () => {
    expect(worthBuying(0.3, 0.8, false).buy).to.equal(true);
    expect(worthBuying(0.9, 0.8, false)).to.include({ buy: false });
    expect(worthBuying(0.9, 0.8, true).buy).to.equal(true);
    expect(worthBuying(0.9, 0.8, true).reason).to.include("limit");
  });
});
