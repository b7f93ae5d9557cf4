import { expect } from "chai";
import fc from "fast-check";
import { MAX_CORRELATION } from "../../../keeper/src/model/breakdown/correlation.js";
import { Cusum } from "../../../keeper/src/model/breakdown/cusum.js";
import { ExponentialMean } from "../../../keeper/src/model/breakdown/exponential-mean.js";
import { fisherStatistic } from "../../../keeper/src/model/breakdown/fisher.js";
import { brokenCorrelation, correlationLogRatio } from "../../../keeper/src/model/breakdown/lr-cusum.js";
import { ReferenceCorrelation } from "../../../keeper/src/model/breakdown/reference-correlation.js";
import { ResidualRatio } from "../../../keeper/src/model/breakdown/residual-ratio.js";
import { Standardiser } from "../../../keeper/src/model/breakdown/standardise.js";
import { BreakStatistics } from "../../../keeper/src/model/breakdown/statistics.js";
import { CALIBRATED_AT, FALSE_ALARM_DAYS, thresholdsAt } from "../../../keeper/src/model/breakdown/thresholds.js";
import { WindowCorrelation } from "../../../keeper/src/model/breakdown/window-correlation.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";

const value = fc.double({ min: -4, max: 4, noNaN: true });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 120 });

describe("what the detectors measure", () => {
  it("averages with exponential weights that are exact from the first value on", () => {
    const mean = new ExponentialMean(2);
    expect(mean.mean).to.equal(null);
    const values = [3, -1, 4, 1];
    for (const each of values) mean.add(each);
    const weights = values.map((_, i) => 2 ** (-(values.length - 1 - i) / 2));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    expectClose(mean.mean!, values.reduce((sum, each, i) => sum + each * weights[i]!, 0) / total, 1e-15);
    expectClose(mean.weight, total, 1e-15);
  });

  it("standardises by the volatility of the hours before, and clips at four", () => {
    const standardiser = new Standardiser();
    expect(standardiser.next(0.01)).to.equal(null);
    expectClose(standardiser.next(0.02)!, 2, 1e-12);
    const keep = 2 ** (-1 / 72);
    const variance = (0.02 ** 2 + keep * 0.01 ** 2) / (1 + keep);
    expectClose(standardiser.next(-0.03)!, -0.03 / Math.sqrt(variance), 1e-12);
    expect(standardiser.next(1)).to.equal(4);
    expect(standardiser.next(-9)).to.equal(-4);
    const still = new Standardiser();
    still.next(0);
    expect([still.next(0), still.next(0.01)]).to.deep.equal([0, 4]);
  });

  it("correlates a window as if each had been added up anew", () => {
    fc.assert(
      fc.property(pairs, (series) => {
        const window = new WindowCorrelation(24);
        for (const [i, pair] of series.entries()) {
          window.add(...pair);
          const inside = series.slice(Math.max(0, i - 23), i + 1);
          const sum = (of: (pair: [number, number]) => number) => inside.reduce((total, each) => total + of(each), 0);
          const [first, product, second] = [sum(([a]) => a * a), sum(([a, b]) => a * b), sum(([, b]) => b * b)];
          if (i < 23) expect(window.correlation).to.equal(null);
          else if (first > 1e-6 && second > 1e-6) {
            const bounded = Math.max(Math.min(product / Math.sqrt(first * second), MAX_CORRELATION), -MAX_CORRELATION);
            expectClose(window.correlation!, bounded, 1e-7);
          }
        }
      }),
    );
  });

  it("keeps a reference that the last seven days have no part in", () => {
    const run = (recent: number): (number | null)[] => {
      const draw = seededNormals(5);
      const reference = new ReferenceCorrelation();
      return Array.from({ length: 1000 }, (_, hour) => {
        const hedge = draw();
        const other = draw();
        return reference.next(hour < 800 ? 0.8 * hedge + 0.6 * other : recent * hedge + other, hedge);
      });
    };
    const [one, other] = [run(0), run(-2)];
    expect(one.slice(0, 672).every((each) => each === null)).to.equal(true);
    expect(one.slice(672, 968)).to.deep.equal(other.slice(672, 968));
    expect(one[968]).not.to.equal(other[968]);
    expectClose(one[967]!, 0.8, 0.05);
  });

  it("measures a fall of the correlation in deviations of Fisher's z", () => {
    expectClose(fisherStatistic(0.75, 0, 48), 0.9729550745276566 * Math.sqrt(45), 1e-12);
    expect(fisherStatistic(0.75, 0.75, 48)).to.equal(0);
    expect(fisherStatistic(0.5, 0.75, 48)).to.be.lessThan(0);
  });

  it("weighs correlations by the ratio of bivariate normal densities", () => {
    const density = (a: number, b: number, rho: number): number =>
      Math.exp(-(a * a - 2 * rho * a * b + b * b) / (2 * (1 - rho * rho))) / (2 * Math.PI * Math.sqrt(1 - rho * rho));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const expected = Math.log(density(a, b, 0.35) / density(a, b, 0.75));
        expectClose(correlationLogRatio(a, b, 0.75, 0.35), expected, 1e-9 * Math.max(1, Math.abs(expected)));
      }),
    );
    expect([0.9, 0.75].map(brokenCorrelation)).to.deep.equal([0.35, 0.35]);
    expectClose(brokenCorrelation(0.3), 0.14, 1e-15);
  });

  it("weighs slopes by the ratio of Student's densities with four degrees of freedom", () => {
    const variance = 1 - 0.75 ** 2;
    const density = (e: number): number => (1 + e ** 2 / (2 * variance)) ** -2.5;
    const ratio = new ResidualRatio();
    expectClose(ratio.next(1.2, 1.5, 0.75, 0.25), Math.log(density(1.2 - 0.375) / density(1.2 - 1.125)), 1e-12);
    const next = 2 ** (-1 / 48) * variance + (1 - 2 ** (-1 / 48)) * (1.2 - 1.125) ** 2;
    const later = (e: number): number => (1 + e ** 2 / (2 * next)) ** -2.5;
    expectClose(ratio.next(4, -4, 0.75, 0.25), Math.log(later(5) / later(7)), 1e-12);
    // An outlier counts as one of three deviations in the variance.
    const capped = 2 ** (-1 / 48) * next + (1 - 2 ** (-1 / 48)) * 9 * next;
    const last = (e: number): number => (1 + e ** 2 / (2 * capped)) ** -2.5;
    expectClose(ratio.next(-0.4, 1, 0.75, 0.25), Math.log(last(-0.65) / last(-1.15)), 1e-12);
  });

  it("takes noise of the asset alone for no evidence of a weaker slope", () => {
    const draw = seededNormals(11);
    const ratio = new ResidualRatio();
    let sum = 0;
    for (let hour = 0; hour < 4000; hour++) {
      const hedge = draw();
      sum += ratio.next(0.75 * hedge + 3 * 0.66 * draw(), hedge, 0.75, 0.1875);
    }
    expect(sum).to.be.lessThan(0);
  });

  it("adds up evidence from zero to a limit, no observation for more than three", () => {
    const sum = new Cusum();
    expect([2, -5, 1, 10, 10, -1].map((ratio) => sum.add(ratio, 5))).to.deep.equal([2, 0, 1, 4, 5, 4]);
  });
});

describe("break statistics", () => {
  it("are what each measures from the returns, and levels those over the thresholds", () => {
    const draw = seededNormals(21);
    const returns = Array.from({ length: 1200 }, (_, hour): [number, number] => {
      const hedge = draw();
      return [(hour < 1100 ? 0.75 * hedge : 0) + 0.66 * draw(), hedge];
    });
    const [statistics, reference] = [new BreakStatistics(), new ReferenceCorrelation()];
    const [ratio, window] = [new ResidualRatio(), new WindowCorrelation(48)];
    let [ofCorrelation, ofBeta] = [0, 0];
    for (const [asset, hedge] of returns) {
      const measured = statistics.next(asset, hedge);
      const usual = reference.next(asset, hedge);
      window.add(asset, hedge);
      expect(measured?.reference ?? null).to.equal(usual);
      if (measured === null || usual === null) continue;
      const most = thresholdsAt(usual);
      const bounded = (value: number) => Math.max(-3, Math.min(3, value));
      const evidence = correlationLogRatio(asset, hedge, usual, brokenCorrelation(usual));
      ofCorrelation = Math.min(Math.max(0, ofCorrelation + bounded(evidence)), most.correlationCusum);
      ofBeta = Math.min(Math.max(0, ofBeta + bounded(ratio.next(asset, hedge, usual, usual / 4))), most.betaCusum);
      const fisher = fisherStatistic(usual, window.correlation!, 48);
      expect(measured.statistics).to.deep.equal({ fisher, correlationCusum: ofCorrelation, betaCusum: ofBeta });
      expect(measured.levels).to.deep.equal({
        fisher: fisher / most.fisher,
        correlationCusum: ofCorrelation / most.correlationCusum,
        betaCusum: ofBeta / most.betaCusum,
      });
    }
    expect(ofCorrelation).to.be.greaterThan(10);
    expect(ofBeta).to.be.greaterThan(10);
  });

  it("are none where there is no relation that could break", () => {
    const draw = seededNormals(22);
    const statistics = new BreakStatistics();
    for (let hour = 0; hour < 1500; hour++) {
      const hedge = draw();
      expect(statistics.next(draw() - hedge, hedge)).to.equal(null);
    }
  });
});

describe("thresholds", () => {
  it("share one false alarm in 180 days", () => {
    const together = Object.values(FALSE_ALARM_DAYS).reduce((sum: number, days: number) => sum + 1 / days, 0);
    expectClose(1 / together, 180, 1e-9);
  });

  it("go in straight lines from one calibrated correlation to the next, and not beyond the outermost", () => {
    for (const [i, correlation] of CALIBRATED_AT.entries()) {
      const next = CALIBRATED_AT[i + 1] ?? correlation;
      const [here, there, between] = [correlation, next, (correlation + next) / 2].map(thresholdsAt);
      for (const name of ["fisher", "correlationCusum", "betaCusum"] as const) {
        expect(here![name]).to.be.greaterThan(0);
        expectClose(between![name], (here![name] + there![name]) / 2, 1e-12);
      }
    }
    expect(thresholdsAt(0)).to.deep.equal(thresholdsAt(CALIBRATED_AT[0]));
    expect(thresholdsAt(0.97)).to.deep.equal(thresholdsAt(CALIBRATED_AT.at(-1)!));
  });
});
