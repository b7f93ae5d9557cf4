import { expect } from "chai";
import { meanDays, quantile, runLengths } from "../../bench/detectors/run-length.js";

/** Share of the paths by which more than half must keep a bound before the median surely does: 2.5 deviations of the binomial law. */
const margin = (paths: number): number => (2.5 * Math.sqrt(paths)) / 2 / paths;

describe("detection at one false alarm in 180 days", () => {
  it("raises no more false alarms than that", () => {
    const calm = runLengths({ paths: 120, seed: 3, hours: 360 * 24, before: 0.75, after: 0.75 });
    const alarms = calm.lengths.filter(Number.isFinite).length;
    expect(alarms).to.be.at.least(20);
    // The mean from n alarms deviates by 1/√n of itself; 2 deviations.
    expect(meanDays(calm)).to.be.at.least(180 * (1 - 2 / Math.sqrt(alarms)));
  });

  for (const { after, within } of [
    { after: 0, within: 48 },
    { after: 0.4, within: 160 },
  ]) {
    it(`notices a correlation that falls from 0.75 to ${after} within ${within} hours, in the median`, () => {
      const paths = 160;
      const late = runLengths({ paths, seed: 3, hours: 400, before: 0.75, after });
      expect(late.lengths.length).to.be.at.least(0.8 * paths);
      expect(quantile(late, 0.5 + margin(late.lengths.length))).to.be.at.most(within);
    });
  }
});
