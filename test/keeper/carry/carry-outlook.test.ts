import { expect } from "chai";
import { ForecastErrors } from "../../../keeper/src/model/carry/forecast-errors.js";
import { FundingForecast } from "../../../keeper/src/model/funding.js";
import { MarketFunding } from "../../../keeper/src/model/market-funding.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";

const DAY = 86_400;

/** Rates of an autoregression around 10%. */
function rates(count: number, seed: number): number[] {
  const normal = seededNormals(seed);
  const found = [0.1];
  while (found.length < count) found.push(0.1 + 0.8 * (found.at(-1)! - 0.1) + 0.05 * normal());
  return found;
}

function settled(values: readonly number[], forecast = new FundingForecast(), from = 0): FundingForecast {
  values.forEach((rate, i) => {
    forecast.settle((from + i + 1) * DAY, rate / 365, DAY);
  });
  return forecast;
}

describe("outlook of a carry position", () => {
  it("says how far forecasts of a week were off lately, each counted when its week is over", () => {
    const values = rates(200, 7);
    const forecast = new FundingForecast();
    const made: (number | null)[] = [];
    values.forEach((_, i) => {
      made.push(settled(values.slice(i, i + 1), forecast, i).forecast(7));
    });
    let [squares, weight] = [0, 0];
    for (let end = 7; end < values.length; end++) {
      const then = made[end - 7]!;
      if (then === null) continue;
      const actual = values.slice(end - 6, end + 1).reduce((sum, rate) => sum + rate, 0) / 7;
      squares = squares * 0.5 ** (1 / 30) + (actual - then) ** 2;
      weight = weight * 0.5 ** (1 / 30) + 1;
    }
    const { deviation, rate, holdingDays } = forecast.outlook()!;
    expectClose(deviation, Math.sqrt(squares / weight), 1e-9);
    expectClose(rate, forecast.forecast(holdingDays)!, 1e-12);
  });

  it("is as uncertain as errors are in truth, and says nothing before three weeks of them", () => {
    const values = rates(30_000, 8);
    // The week's mean of an autoregression that is known, forecast from today: Σ_k ((1 − φ^k)/(1 − φ))²σ²/49.
    const known = Math.sqrt(
      [1, 2, 3, 4, 5, 6, 7].reduce((sum, k) => sum + (((1 - 0.8 ** k) / 0.2) * 0.05) ** 2, 0) / 49,
    );
    const { deviation } = settled(values).outlook()!;
    expect(deviation).to.be.within(0.8 * known, 1.8 * known);
    expect(settled(values.slice(0, 56)).outlook()).to.equal(null);
    expect(settled(values.slice(0, 57)).outlook()).to.not.equal(null);
  });

  it("judges no forecast by days around a gap", () => {
    const errors = new ForecastErrors(2);
    for (let day = 0; day < 40; day++) errors.add(day, 1, 1);
    expect(errors.deviation).to.equal(0);
    errors.add(41, 50, 1);
    expect(errors.deviation).to.equal(0);
    errors.add(42, 50, 1);
    expect(errors.deviation).to.equal(0);
    errors.add(43, 50, 1);
    expect(errors.deviation).to.be.above(1);
  });

  it("counts the days on which shorts paid, in a row and without a gap", () => {
    const values = rates(100, 9);
    const counted = (...last: number[]) => settled([...values, ...last]).outlook()!.negativeDays;
    expect([counted(0.1), counted(-0.1), counted(-0.1, -0.2), counted(-0.1, 0.1, -0.1)]).to.deep.equal([0, 1, 2, 1]);
    const gap = settled([...values, -0.1]);
    expect(settled([-0.1], gap, 102).outlook()!.negativeDays).to.equal(1);
  });

  it("comes with what a market is expected to pay", () => {
    const market = new MarketFunding();
    const days = new FundingForecast();
    market.settle(0, 0);
    rates(80, 10).forEach((rate, i) => {
      market.settle((i + 1) * DAY, rate);
      days.settle((i + 1) * DAY, rate / 365, DAY);
      if (i < 50) expect(market.expect(7)).to.not.have.property("outlook");
    });
    const { outlook } = market.expect(7);
    for (const key of ["rate", "deviation", "holdingDays"] as const) {
      expectClose(outlook![key], days.outlook()![key], 1e-9);
    }
  });
});
