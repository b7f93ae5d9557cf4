import { perpV2FundingRate } from "@crosshedge/sdk";
import { expect } from "chai";
import fc from "fast-check";
import { FundingForecast } from "../../keeper/src/model/funding.js";
import { MarketFunding } from "../../keeper/src/model/market-funding.js";
import { wad } from "../support/orders.js";
import { expectClose } from "./expect-close.js";

const DAY = 86_400;
const MIDNIGHT = 19_000 * DAY;
const CAP = 100_000n;

describe("funding of a perp market", () => {
  it("is the premium of a day over a year, signed, and capped on both sides", () => {
    const rate = (market: number) => Number(perpV2FundingRate(wad(market), wad(2_000), CAP)) / 1e18;
    expectClose(rate(2_002), 0.001 * 365, 1e-12);
    expectClose(rate(1_998), -0.001 * 365, 1e-12);
    expectClose(rate(3_000), 36.5, 1e-12);
    expectClose(rate(1_000), -36.5, 1e-12);
    expect(rate(2_000)).to.equal(0);
    expect(perpV2FundingRate(wad(2_000), 0n, CAP)).to.equal(null);
  });

  it("expects nothing from one settlement, and half of a day's mean after a day", () => {
    const funding = new MarketFunding();
    expect(funding.expect(7)).to.deep.equal({ rate: 0, basis: "half of today's rate: 0 of 30 days are known" });
    funding.settle(MIDNIGHT + 100, 9);
    expect(funding.expect(7).rate).to.equal(0);
    for (let i = 1; i <= 96; i++) funding.settle(MIDNIGHT + 100 + (i * DAY) / 96, 0.2);
    expectClose(funding.expect(7).rate!, (0.2 * (1 - Math.exp(-1))) / 2, 1e-12);
  });

  it("weighs a rate by how long it held, however it is cut up", () => {
    const whole = new MarketFunding();
    const parts = new MarketFunding();
    for (const funding of [whole, parts]) funding.settle(MIDNIGHT, 0);
    fc.sample(fc.double({ min: -2, max: 2, noNaN: true }), { seed: 3, numRuns: 200 }).forEach((rate, i) => {
      whole.settle(MIDNIGHT + (i + 1) * 20_000, rate);
      for (let k = 1; k <= 10; k++) parts.settle(MIDNIGHT + i * 20_000 + k * 2_000, rate);
    });
    expect(whole.expect(7).basis).to.equal("forecast from 46 days");
    expectClose(parts.expect(7).rate!, whole.expect(7).rate!, 1e-9);
  });

  it("gives a rate that held over several days to each of them", () => {
    const funding = new MarketFunding();
    funding.settle(MIDNIGHT, 0);
    funding.settle(MIDNIGHT + 29.5 * DAY, 0.3);
    expect(funding.expect(7).basis).to.equal("half of today's rate: 29 of 30 days are known");
    expectClose(funding.expect(7).rate!, 0.15, 1e-9);
    funding.settle(MIDNIGHT + 30.5 * DAY, 0.3);
    const { rate, basis } = funding.expect(7);
    expect(basis).to.equal("forecast from 30 days");
    expectClose(rate!, 0.3, 1e-9);
  });

  it("forecasts as the forecast of days does", () => {
    const funding = new MarketFunding();
    const days = new FundingForecast();
    funding.settle(MIDNIGHT, 0);
    fc.sample(fc.double({ min: -1, max: 1, noNaN: true }), { seed: 4, numRuns: 60 }).forEach((rate, i) => {
      funding.settle(MIDNIGHT + (i + 1) * DAY, rate);
      days.settle(MIDNIGHT + (i + 1) * DAY, rate / 365, DAY);
    });
    for (const horizon of [1, 7, 30]) expectClose(funding.expect(horizon).rate!, days.forecast(horizon)!, 1e-9);
  });

  it("takes nothing twice, and nothing late", () => {
    const funding = new MarketFunding();
    for (const time of [0, 1_000, 2_000]) funding.settle(MIDNIGHT + time, 0.5);
    const before = funding.expect(7);
    for (const time of [2_000, 1_500]) funding.settle(MIDNIGHT + time, 30);
    expect(funding.expect(7)).to.deep.equal(before);
  });
});
