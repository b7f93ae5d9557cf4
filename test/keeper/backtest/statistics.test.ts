import { expect } from "chai";
import { dieboldMariano } from "../../../keeper/src/backtest/statistics/diebold-mariano.js";
import { expectedShortfall } from "../../../keeper/src/backtest/statistics/expected-shortfall.js";
import { hedgeEffectiveness } from "../../../keeper/src/backtest/statistics/hedge-effectiveness.js";
import { leastSquares } from "../../../keeper/src/backtest/statistics/least-squares.js";
import { varianceOfMean } from "../../../keeper/src/backtest/statistics/long-run-variance.js";
import { maxDrawdown } from "../../../keeper/src/backtest/statistics/max-drawdown.js";
import { modelConfidenceSet } from "../../../keeper/src/backtest/statistics/model-confidence-set.js";
import {
  percentileInterval,
  stationaryBootstrap,
} from "../../../keeper/src/backtest/statistics/stationary-bootstrap.js";
import { normalCdf } from "../../../keeper/src/model/normal.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";

/** An autoregression with unit innovations. */
function autoregression(seed: number, length: number, phi: number): Float64Array {
  const { normal } = createRandom(seed);
  let last = normal() / Math.sqrt(1 - phi * phi);
  return Float64Array.from({ length }, () => {
    last = phi * last + normal();
    return last;
  });
}

const options = { meanBlock: 10, draws: 500, seed: 1 };

describe("backtest statistics", () => {
  it("normal distribution: known values in the middle and in the tails", () => {
    expectClose(normalCdf(1.959963984540054), 0.975, 1e-14);
    expectClose(normalCdf(0), 0.5, 1e-16);
    expectClose(normalCdf(-3) / 0.0013498980316300933, 1, 1e-12);
    expectClose(normalCdf(-6) / 9.865876450376946e-10, 1, 1e-12);
    expectClose(normalCdf(2.9999999) + normalCdf(-3.0000001), 1, 1e-8);
  });

  it("stationary bootstrap: every draw has as many rows, blocks have the mean length, the seed decides", () => {
    const draws: Float64Array[] = [];
    stationaryBootstrap(500, { ...options, draws: 200 }, (counts) => draws.push(counts.slice()));
    for (const counts of draws) expect(counts.reduce((a, b) => a + b, 0)).to.equal(500);
    const mean = draws.reduce((sum, counts) => sum + counts[77]! / draws.length, 0);
    expectClose(mean, 1, 0.25);
    const again: Float64Array[] = [];
    stationaryBootstrap(500, { ...options, draws: 200 }, (counts) => again.push(counts.slice()));
    expect(again).to.deep.equal(draws);
    expect(() => stationaryBootstrap(10, { ...options, meanBlock: 0 }, () => {})).to.throw(RangeError);
  });

  it("stationary bootstrap: the spread of a mean is that of an autocorrelated series, which single rows miss", () => {
    const values = autoregression(3, 4000, 0.7);
    const spread = (meanBlock: number): number => {
      const means: number[] = [];
      stationaryBootstrap(values.length, { ...options, meanBlock }, (counts) => {
        means.push(counts.reduce((sum, count, i) => sum + count * values[i]!, 0) / values.length);
      });
      const mean = means.reduce((a, b) => a + b) / means.length;
      return Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length);
    };
    const exact = 1 / (1 - 0.7) / Math.sqrt(values.length);
    expectClose(spread(50) / exact, 1, 0.2);
    expect(spread(1) / exact).to.be.lessThan(0.6);
  });

  it("percentile interval: interpolates, and leaves out what is not finite", () => {
    const { lower, upper } = percentileInterval([5, 1, 2, Number.NaN, 3, 4], 0.5);
    expect([lower, upper]).to.deep.equal([2, 4]);
    expect(percentileInterval([]).lower).to.be.NaN;
  });

  it("variance of a mean: Bartlett weights by hand", () => {
    // Deviations −1, 0, 1, 0: γ0 = 2/4, γ1 = 0, γ2 = −1/4.
    expectClose(varianceOfMean([1, 2, 3, 2], 0), 0.5 / 4, 1e-15);
    expectClose(varianceOfMean([1, 2, 3, 2], 2), (0.5 + 2 * (1 / 3) * -0.25) / 4, 1e-15);
  });

  it("Diebold–Mariano: a fair coin rejects as often as it says, in spite of autocorrelation", () => {
    const rejected = (lag: number): number => {
      let count = 0;
      for (let seed = 0; seed < 400; seed++) {
        const losses = autoregression(seed, 400, 0.6);
        if (dieboldMariano(losses, new Float64Array(400), lag).pValue < 0.05) count += 1;
      }
      return count / 400;
    };
    expect(rejected(20)).to.be.within(0.02, 0.12);
    expect(rejected(0)).to.be.greaterThan(0.2);
  });

  it("Diebold–Mariano: the sign says who is better; equal losses are no evidence", () => {
    const noise = autoregression(1, 500, 0);
    const better = noise.map((value, i) => value - 0.5 + (i % 2) * 0.2);
    const { statistic, pValue } = dieboldMariano(better, noise);
    expect(statistic).to.be.lessThan(-5);
    expect(pValue).to.be.lessThan(1e-6);
    expect(dieboldMariano(noise, noise)).to.deep.equal({ statistic: 0, pValue: 1 });
    expect(() => dieboldMariano([1], [1, 2])).to.throw(RangeError);
  });

  it("model confidence set: keeps the best and its equals, drops what is worse", () => {
    const common = autoregression(9, 800, 0.5);
    const loss = (seed: number, worse: number): Float64Array => {
      return autoregression(seed, 800, 0).map((value, i) => common[i]! + 0.3 * value + worse);
    };
    const p = modelConfidenceSet([loss(1, 0), loss(2, 0.3), loss(3, 0.005), loss(4, 0.15)], options);
    expect(p[0]! >= 0.1 && p[2]! >= 0.1, String(p)).to.equal(true);
    expect(p[1]! < 0.05 && p[3]! < 0.05, String(p)).to.equal(true);
    expect(Math.max(...p)).to.equal(1);
  });

  it("model confidence set: holds the best of equals in nine of ten samples", () => {
    let held = 0;
    for (let sample = 0; sample < 60; sample++) {
      const losses = [0, 1, 2].map((m) => autoregression(1000 + 10 * sample + m, 200, 0.3));
      const p = modelConfidenceSet(losses, { meanBlock: 5, draws: 200, seed: sample });
      if (p[0]! >= 0.1) held += 1;
    }
    expect(held).to.be.within(49, 60);
  });

  it("expected shortfall: whole and partial cases", () => {
    const losses = Array.from({ length: 100 }, (_, i) => -(i + 1));
    expectClose(expectedShortfall(losses), (100 + 99 + 0.5 * 98) / 2.5, 1e-9);
    expectClose(expectedShortfall([1, 2, 3, 4], 0.5), -1.5, 1e-12);
    const { normal } = createRandom(4);
    // Of a normal: φ(Φ⁻¹(0.975))/0.025.
    expectClose(expectedShortfall(Float64Array.from({ length: 200_000 }, normal)), 2.3378, 0.02);
  });

  it("largest drawdown: compounds, and is everything after ruin", () => {
    expectClose(maxDrawdown([0.1, -0.5, 0.2, -0.5, 3]), 1 - 0.5 * 1.2 * 0.5, 1e-12);
    expect(maxDrawdown([0.1, 0.2])).to.equal(0);
    expect(maxDrawdown([0.5, -1.2, 5])).to.equal(1);
  });

  it("hedge effectiveness and least squares: exact cases", () => {
    expect(hedgeEffectiveness([1, -1], [2, -2])).to.equal(0.75);
    expect(hedgeEffectiveness([0, 0], [2, -2])).to.equal(1);
    expect(() => hedgeEffectiveness([0], [2, -2])).to.throw(RangeError);
    const x = [autoregression(1, 50, 0), autoregression(2, 50, 0)];
    const y = x[0]!.map((value, i) => 0.8 * value - 0.3 * x[1]![i]!);
    const [first, second] = leastSquares(y, x);
    expectClose(first, 0.8, 1e-12);
    expectClose(second, -0.3, 1e-12);
    // Collinear regressors share the coefficient.
    const [half, other] = leastSquares(x[0]!, [x[0]!, x[0]!]);
    expectClose(half! + other!, 1, 1e-9);
    expectClose(half, 0.5, 1e-6);
  });
});
