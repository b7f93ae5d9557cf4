import { expect } from "chai";
import { KeeperError } from "../../../keeper/src/errors.js";
import { christoffersenTests, kupiecTest } from "../../../keeper/src/model/margin/exceedance-tests.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";

describe("tests of exceedances", () => {
  it("rejects at 5% outside of Kupiec's published regions", () => {
    // Kupiec (1995), table of non-rejection regions: first and last count that is not rejected.
    const regions: readonly (readonly [number, number, number, number])[] = [
      [0.01, 510, 2, 10],
      [0.01, 1000, 5, 16],
      [0.05, 255, 7, 20],
      [0.05, 1000, 38, 64],
      [0.1, 1000, 82, 119],
    ];
    for (const [p, windows, first, last] of regions) {
      const pass = (count: number) => kupiecTest(count, windows, p).pValue > 0.05;
      expect([first - 1, first, last, last + 1].map(pass), `${p} of ${windows}`).to.deep.equal([
        false,
        true,
        true,
        false,
      ]);
    }
  });

  it("has the exact likelihood ratio, with no exceedance as well", () => {
    expectClose(kupiecTest(0, 255, 0.01).statistic, -2 * 255 * Math.log(0.99), 1e-12);
    expect(kupiecTest(10, 1000, 0.01)).to.deep.equal({ statistic: 0, pValue: 1 });
    // Chi-squared of one degree: 3.841458820694124 is its 95% quantile.
    const { statistic, pValue } = kupiecTest(20, 1000, 0.01);
    expectClose(statistic, 2 * (20 * Math.log(2) + 980 * Math.log(0.98 / 0.99)), 1e-12);
    expect(pValue).to.be.below(0.01);
  });

  it("sees exceedances that come together, whose number is right", () => {
    const hits = Array.from({ length: 1000 }, (_, i) => i % 100 < 5 && i < 1000);
    const clustered = christoffersenTests(hits, 0.05);
    expect(clustered.independence.pValue).to.be.below(1e-6);
    expect(clustered.conditional.pValue).to.be.below(1e-6);
    const { uniform } = createRandom(13);
    const random = christoffersenTests(
      hits.map(() => uniform() < 0.05),
      0.05,
    );
    expect(random.independence.pValue).to.be.above(0.05);
    expect(random.conditional.pValue).to.be.above(0.05);
    // Chi-squared of two degrees: P(X > x) = e^(−x/2).
    for (const { independence, conditional } of [clustered, random]) {
      expect(conditional.statistic).to.be.at.least(independence.statistic);
      expectClose(-2 * Math.log(conditional.pValue) - conditional.statistic, 0, 1e-9);
    }
  });

  it("rejects one right quantile in twenty", () => {
    const { uniform } = createRandom(11);
    let rejected = 0;
    for (let run = 0; run < 2000; run++) {
      let hits = 0;
      for (let i = 0; i < 500; i++) if (uniform() < 0.05) hits++;
      if (kupiecTest(hits, 500, 0.05).pValue < 0.05) rejected++;
    }
    expect(rejected / 2000).to.be.within(0.03, 0.07);
  });

  it("refuses what are no counts", () => {
    expect(() => kupiecTest(3, 0, 0.01)).to.throw(KeeperError);
    expect(() => kupiecTest(3, 2, 0.01)).to.throw(KeeperError);
    expect(() => kupiecTest(0, 10, 0)).to.throw(KeeperError);
    expect(() => christoffersenTests([true], 0.01)).to.throw(KeeperError);
  });
});
