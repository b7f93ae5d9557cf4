import { expect } from "chai";
import fc from "fast-check";
import { expectedSum, FundingForecast } from "../../keeper/src/model/funding.js";
import { solveHedgeProgram } from "../../keeper/src/plan/program/solve-hedge-program.js";
import { missingData, readRows } from "../integration/support/shared-data.js";
import { seededNormals } from "../support/random.js";
import { expectClose } from "./expect-close.js";

const DAY = 86_400;
const EIGHT_HOURS = 28_800;

/** Settle some days of equal settlements, at annual rates. */
function settled(rates: readonly number[], forecast = new FundingForecast(), aDay = 3): FundingForecast {
  rates.forEach((rate, day) => {
    for (let i = 1; i <= aDay; i++) forecast.settle((day + i / aDay) * DAY, rate / 365 / aDay, DAY / aDay);
  });
  return forecast;
}

describe("funding forecast", () => {
  it("sums an autoregression in closed form", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (now, mean, persistence, periods) => {
          let [value, sum] = [now, 0];
          for (let i = 0; i < periods; i++) {
            value = mean + persistence * (value - mean);
            sum += value;
          }
          expectClose(expectedSum(now, mean, persistence, periods), sum, 1e-9);
        },
      ),
    );
  });

  it("knows nothing before it has seen enough, and a constant rate at once after", () => {
    const forecast = new FundingForecast({ warmUpDays: 5 });
    settled([0.1, 0.1, 0.1, 0.1], forecast);
    expect(forecast.forecast()).to.equal(null);
    expectClose(settled([0.1, 0.1, 0.1, 0.1, 0.1], new FundingForecast({ warmUpDays: 5 })).forecast()!, 0.1, 1e-12);
  });

  it("takes settlements of any length, and puts one at midnight into the day that ends", () => {
    const rates = Array.from({ length: 40 }, (_, i) => 0.1 + 0.05 * Math.sin(i));
    const [eight, hourly] = [settled(rates, new FundingForecast(), 3), settled(rates, new FundingForecast(), 24)];
    expectClose(hourly.forecast()!, eight.forecast()!, 1e-12);
    // One of three is missing: the day is made of the other two.
    const gap = settled(rates.slice(0, -1));
    gap.settle(39 * DAY + EIGHT_HOURS, rates[39]! / 1095, EIGHT_HOURS);
    gap.settle(40 * DAY, rates[39]! / 1095, EIGHT_HOURS);
    expectClose(gap.forecast()!, eight.forecast()!, 1e-12);
  });

  it("finds the autoregression that it is fed, and averages its forecast with the exponential one", () => {
    const normal = seededNormals(31);
    const rates = [0.1];
    for (let i = 1; i < 20_000; i++) rates.push(0.1 + 0.8 * (rates[i - 1]! - 0.1) + 0.05 * normal());
    const forecast = settled(rates);
    const { mean, persistence } = forecast.autoregression();
    expectClose(mean, 0.1, 0.01);
    expectClose(persistence, 0.8, 0.02);
    let average = 0;
    for (const rate of rates) average = 0.75 * average + 0.25 * rate;
    const returning = expectedSum(rates.at(-1)!, mean, persistence, 7) / 7;
    expectClose(forecast.forecast(7)!, (returning + average) / 2, 1e-9);
  });

  it("makes no pair of days of those around a gap", () => {
    // Each stretch is constant, so that yesterday says all about today; only the jump between them would say otherwise.
    const forecast = settled([...Array.from({ length: 40 }, () => 0.1), 0.2, 0.1]);
    const { persistence, mean } = forecast.autoregression();
    const other = settled([...Array.from({ length: 40 }, () => 0.1), 0.2, 0.1]);
    for (let i = 1; i <= 3; i++) other.settle((60 + i / 3) * DAY, 5 / 1095, EIGHT_HOURS);
    expect(other.autoregression()).to.deep.equal({ persistence, mean });
    expect(other.forecast()).to.not.equal(forecast.forecast());
  });

  it("moves the hedge towards the short that is paid for", () => {
    const short = (funding: number) =>
      solveHedgeProgram({
        ...{ exposure: [100_000], covariance: [[0.64]], aversion: 1e-5, horizon: 7 / 365, limits: {} },
        instruments: [{ name: "ETH", loading: [1], current: 0, side: "short", funding }],
      }).positions[0]!;
    // The optimum is β less funding over γσ².
    expectClose(short(0), -100_000, 1e-6);
    expectClose(short(0.1), -100_000 - 0.1 / (1e-5 * 0.64), 1e-6);
    expectClose(short(-0.1), -100_000 + 0.1 / (1e-5 * 0.64), 1e-6);
  });

  it("beats the mean of the past by three fifths of its squared error out of sample, on four years of BTC and ETH", function () {
    const absent = missingData("funding_8h.csv.gz");
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    const rows = readRows("funding_8h.csv.gz");
    for (const asset of ["BTC", "ETH"]) {
      const forecast = new FundingForecast({ warmUpDays: 365 });
      const days = new Map<number, number[]>();
      const made: { day: number; forecast: number; past: number }[] = [];
      let [sum, count] = [0, 0];
      for (const row of rows) {
        if (row[asset] === "") continue;
        const [time, rate] = [Date.parse(row["time"]!) / 1000, Number(row[asset])];
        forecast.settle(time, rate, EIGHT_HOURS);
        const day = Math.ceil(time / DAY) - 1;
        days.set(day, [...(days.get(day) ?? []), rate * 1095]);
        [sum, count] = [sum + rate * 1095, count + 1];
        if (time % DAY !== 0) continue;
        const value = forecast.forecast(7);
        if (value !== null) made.push({ day, forecast: value, past: sum / count });
      }
      let [errors, naive, scored] = [0, 0, 0];
      for (const { day, forecast: value, past } of made) {
        const week = Array.from({ length: 7 }, (_, i) => days.get(day + 1 + i) ?? []);
        if (week.some((rates) => rates.length !== 3)) continue;
        const actual = week.flat().reduce((total, rate) => total + rate, 0) / 21;
        errors += (value - actual) ** 2;
        naive += (past - actual) ** 2;
        scored++;
      }
      expect(scored).to.be.above(1_000);
      expect(1 - errors / naive, `${asset}, out-of-sample R²`).to.be.above(0.6);
    }
  });
});
