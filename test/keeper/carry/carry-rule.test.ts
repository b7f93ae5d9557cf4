import { expect } from "chai";
import fc from "fast-check";
import { type CarryTerms, judgeCarry } from "../../../keeper/src/model/carry/carry-rule.js";
import { holdingDays } from "../../../keeper/src/model/carry/holding-time.js";
import type { CarryOutlook } from "../../../keeper/src/model/carry/outlook.js";
import { expectClose } from "../expect-close.js";

const terms: CarryTerms = { roundTrip: 0.008, opportunity: 0.03, caution: 0.5 };
const outlook = (rate: number, change: Partial<CarryOutlook> = {}): CarryOutlook => ({
  ...{ holdingDays: 73, rate, deviation: 0.04, negativeDays: 0 },
  ...change,
});
const rates = fc.double({ min: -2, max: 2, noNaN: true });

describe("carry rule", () => {
  it("enters where a fifth of a year of the rate, less caution and opportunity, is more than a round trip", () => {
    // (0.1 − 0.03 − 0.5·0.04)/5
    const { stance, gain } = judgeCarry(outlook(0.1), terms);
    expectClose(gain, 0.01, 1e-12);
    expect(stance).to.equal("enter");
    expect(judgeCarry(outlook(0.0901), terms).stance).to.equal("enter");
    expect(judgeCarry(outlook(0.0899), terms).stance).to.equal("hold");
  });

  it("leaves where what is to be paid is more than a round trip, and two days have said so", () => {
    // (r − 0.03)/5 < −0.008: caution is for entries.
    expect(judgeCarry(outlook(-0.0101, { negativeDays: 2 }), terms).stance).to.equal("leave");
    expect(judgeCarry(outlook(-0.0099, { negativeDays: 9 }), terms).stance).to.equal("hold");
    expect(judgeCarry(outlook(-0.5, { negativeDays: 1 }), terms).stance).to.equal("hold");
  });

  it("never leaves what it would enter, and is the keener the higher the rate and the lower the costs", () => {
    const order = ["leave", "hold", "enter"];
    const keen = (rate: number, of: CarryTerms, negativeDays: number) =>
      order.indexOf(judgeCarry(outlook(rate, { negativeDays }), of).stance);
    fc.assert(
      fc.property(rates, rates, fc.double({ min: 0, max: 0.05, noNaN: true }), fc.nat(4), (a, b, roundTrip, days) => {
        const of = { ...terms, roundTrip };
        expect(keen(Math.max(a, b), of, days)).to.be.at.least(keen(Math.min(a, b), of, days));
        if (keen(a, terms, days) === 2 && roundTrip <= terms.roundTrip) expect(keen(a, of, days)).to.equal(2);
        // The way back costs: between both there is a region in which nothing is done.
        if (keen(a, of, days) === 2) expect(keen(a - (2 * roundTrip * 365) / 73 + 1e-9, of, days)).to.be.at.least(1);
      }),
      { seed: 5 },
    );
  });

  it("holds for half-lives of the autoregression, within bounds", () => {
    expectClose(holdingDays(0.8, 4), (4 * Math.log(0.5)) / Math.log(0.8), 1e-12);
    expect(holdingDays(0, 4)).to.equal(7);
    expect(holdingDays(0.99, 16)).to.equal(90);
  });
});
