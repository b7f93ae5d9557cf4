import { expect } from "chai";
import fc from "fast-check";
import { expectedGamma, expectedPairGamma } from "../../keeper/src/model/expected-gamma.js";
import { assetGreeks, assetPairGreeks, lpGreeks, pairGreeks } from "../../keeper/src/model/lp-greeks.js";
import { breakEvenFeeApr, lvrRate, relativeLvr } from "../../keeper/src/model/lvr.js";
import { normalCdf } from "../../keeper/src/model/normal.js";
import { seededNormals } from "../support/random.js";
import { expectClose } from "./expect-close.js";
import { vectors } from "./vectors.js";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const relative = (actual: number, expected: number, tolerance = 1e-9) =>
  expectClose(actual, expected, tolerance * Math.abs(expected));

describe("greeks by orientation", () => {
  it("are the same whichever token the asset is", () => {
    fc.assert(
      fc.property(number(0.2, 3), (price) => {
        // Token0 in token1 on [0.5, 2], and the mirror image of that position, whose token1 is the asset.
        const straight = assetGreeks({ liquidity: 7, lower: 0.5, upper: 1.6 }, price, 0);
        const mirrored = assetGreeks({ liquidity: 7, lower: 1 / 1.6, upper: 2 }, 1 / price, 1);
        for (const key of ["asset", "quote", "value", "gamma"] as const)
          expectClose(mirrored[key], straight[key], 1e-9);
      }),
    );
  });

  it("are derivatives of the value in the asset's price", () => {
    // USDC is token0 and WETH token1: the asset's price in USDC is 1/P.
    const range = { liquidity: 5_000, lower: 1 / 2_500, upper: 1 / 1_600 };
    const value = (ether: number) => assetGreeks(range, 1 / ether, 1).value;
    for (const ether of [1_500, 1_700, 2_000, 2_400, 2_600]) {
      const { asset, gamma, quote } = assetGreeks(range, 1 / ether, 1);
      const step = 0.5;
      expectClose((value(ether + step) - value(ether - step)) / (2 * step), asset, 1e-5);
      expectClose((value(ether + step) - 2 * value(ether) + value(ether - step)) / step ** 2, gamma, 1e-6);
      relative(asset * ether + quote, value(ether));
    }
  });

  it("have the reference values of a pair, either way round", () => {
    const { A, E, L, pa, pb, U, dU_dA, dU_dE, U_AA, U_AE, U_EE } = vectors.lp_alt_eth;
    const [lower, upper] = [Number(pa), Number(pb)];
    const ways = [
      assetPairGreeks({ liquidity: L, lower, upper }, 0, A, E),
      assetPairGreeks({ liquidity: L, lower: 1 / upper, upper: 1 / lower }, 1, A, E),
    ];
    for (const { value, delta, gamma, dollarGamma } of ways) {
      relative(value, Number(U));
      relative(delta[0], Number(dU_dA));
      relative(delta[1], Number(dU_dE));
      [U_AA, U_AE, U_EE].forEach((expected, i) => {
        relative(gamma[i]!, Number(expected));
      });
      relative(dollarGamma, A * A * Number(U_AA));
      // Nothing bends where both prices move alike.
      expectClose(gamma[0] * A + gamma[1] * E, 0, 1e-9);
    }
  });
});

describe("expected gamma", () => {
  const range = { liquidity: 100, lower: 1_600, upper: 2_500 };

  it("is the gamma itself where no time passes, and approaches it", () => {
    const gamma = lpGreeks(range, 2_000).gamma;
    relative(expectedGamma(range, 2_000, { volatility: 0.8, time: 0 }), gamma);
    relative(expectedGamma(range, 2_000, { volatility: 0.8, time: 1e-6 }), gamma, 1e-5);
    expect(expectedGamma(range, 3_000, { volatility: 0.8, time: 0 })).to.equal(0);
  });

  it("is half of what it is inside, at an edge", () => {
    const inside = -100 / (2 * 1_600 ** 1.5);
    relative(expectedGamma(range, 1_600, { volatility: 0.8, time: 0.1 / 365 }), inside / 2, 0.03);
    expect(expectedGamma(range, 1_590, { volatility: 0.8, time: 1 / 365 })).to.be.below(0);
  });

  it("is the mean over lognormal prices, with drift and of pairs", () => {
    // Midpoint rule over the normal density: exact to its step, apart from the two edges.
    const mean = (at: (z: number) => number): number => {
      const steps = 200_000;
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const z = -8 + (16 * (i + 0.5)) / steps;
        sum += ((at(z) * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)) * (16 / steps);
      }
      return sum;
    };
    for (const [price, drift, time] of [
      [2_000, 0, 7 / 365],
      [2_450, 0.5, 3 / 365],
      [1_500, -0.3, 30 / 365],
    ] as const) {
      const volatility = 0.9;
      const simulated = mean((z) => {
        const later = price * Math.exp((drift - volatility ** 2 / 2) * time + volatility * Math.sqrt(time) * z);
        return lpGreeks(range, later).gamma;
      });
      relative(expectedGamma(range, price, { volatility, drift, time }), simulated, 1e-4);
    }
  });

  it("of a pair is the mean over both prices", () => {
    const pair = { liquidity: 1_000, lower: 0.006, upper: 0.012 };
    const movement = { volatility0: 1.1, volatility1: 0.7, correlation: 0.6, time: 0.5 };
    const normal = seededNormals(21);
    let [sum, squares] = [0, 0];
    const paths = 60_000;
    const root = Math.sqrt(movement.time);
    for (let i = 0; i < paths; i++) {
      const [z, w] = [normal(), normal()];
      const a = 22 * Math.exp((-(1.1 ** 2) / 2) * movement.time + 1.1 * root * z);
      const e = 2_000 * Math.exp((-(0.7 ** 2) / 2) * movement.time + 0.7 * root * (0.6 * z + 0.8 * w));
      const { c } = pairGreeks(pair, a, e);
      sum += c;
      squares += c * c;
    }
    const mean = sum / paths;
    const error = Math.sqrt((squares / paths - mean * mean) / paths);
    expectClose(expectedPairGamma(pair, 22, 2_000, movement), mean, 4 * error);
    // A quote that does not move leaves the one-factor gamma in dollars, here at P²V''.
    const still = expectedPairGamma(pair, 22, 2_000, { ...movement, volatility1: 0, time: 1e-9 });
    relative(still, pairGreeks(pair, 22, 2_000).c, 1e-4);
  });
});

describe("loss versus rebalancing", () => {
  it("gives the fees to break even that are known for centred ranges", () => {
    const factors = [1.05, 1.1, 1.2, 1.5, 2, 4, Number.POSITIVE_INFINITY];
    const table: [number, number[]][] = [
      [0.4, [0.83, 0.43, 0.23, 0.11, 0.068, 0.04, 0.02]],
      [0.6, [1.87, 0.97, 0.52, 0.25, 0.15, 0.09, 0.045]],
      [0.8, [3.32, 1.72, 0.92, 0.44, 0.27, 0.16, 0.08]],
      [1.0, [5.19, 2.69, 1.44, 0.68, 0.43, 0.25, 0.125]],
      [1.3, [8.77, 4.54, 2.43, 1.15, 0.72, 0.42, 0.21]],
    ];
    for (const [volatility, row] of table) {
      row.forEach((expected, i) => {
        const last = expected < 0.1 ? 1e-3 : 1e-2;
        expectClose(breakEvenFeeApr(factors[i]!, volatility), expected, Math.max(last / 2, 0.005 * expected));
      });
    }
  });

  it("is that share of a centred position, σ²/8 of the full range, and nothing outside", () => {
    for (const factor of [1.05, 1.5, 4]) {
      const range = { liquidity: 3, lower: 100 / factor, upper: 100 * factor };
      relative(relativeLvr(range, 100, 0.8), breakEvenFeeApr(factor, 0.8));
    }
    const off = { liquidity: 3, lower: 80, upper: 180 };
    relative(relativeLvr(off, 100, 0.8), (0.64 / 8) * (2 / (2 - Math.sqrt(0.8) - Math.sqrt(100 / 180))));
    relative(relativeLvr({ liquidity: 1, lower: 1e-12, upper: 1e12 }, 1, 0.8), 0.08, 1e-5);
    expect(lvrRate(off, 79, 0.8)).to.equal(0);
  });

  it("is what a position hedged in its delta loses, in simulation", () => {
    const normal = seededNormals(22);
    const [volatility, days, steps, paths] = [0.8, 30, 720, 1_500];
    const time = days / 365;
    for (const [factor, published] of [
      [1.25, 0.0521],
      [1e9, 0.00655],
    ] as const) {
      const range = { liquidity: 1, lower: 1 / factor, upper: factor };
      const start = lpGreeks(range, 1);
      let [sum, squares, expected] = [0, 0, 0];
      for (let path = 0; path < paths; path++) {
        let [price, gain, rate] = [1, 0, 0];
        for (let i = 0; i < steps; i++) {
          const { delta } = lpGreeks(range, price);
          rate += (lvrRate(range, price, volatility) * time) / steps;
          const next =
            price * Math.exp(-(volatility ** 2 / 2) * (time / steps) + volatility * Math.sqrt(time / steps) * normal());
          gain += delta * (next - price);
          price = next;
        }
        const loss = (start.value + gain - lpGreeks(range, price).value) / start.value;
        sum += loss;
        squares += loss * loss;
        expected += rate / start.value;
      }
      const mean = sum / paths;
      const error = Math.sqrt((squares / paths - mean * mean) / paths);
      expectClose(mean, expected / paths, 4 * error + 0.002 * mean);
      expectClose(mean, published, 0.03 * published);
    }
  });
});

describe("normal distribution", () => {
  it("is exact in the middle and in the tails", () => {
    relative(normalCdf(0), 0.5, 1e-15);
    relative(normalCdf(1), 0.8413447460685429, 1e-14);
    relative(normalCdf(-2.5), 0.00620966532577613, 1e-13);
    relative(normalCdf(-3.5), 0.00023262907903552504, 1e-13);
    relative(normalCdf(-8), 6.220960574271819e-16, 1e-12);
    relative(normalCdf(-30), 4.906713927148187e-198, 1e-12);
    expect([normalCdf(Number.NEGATIVE_INFINITY), normalCdf(Number.POSITIVE_INFINITY)]).to.deep.equal([0, 1]);
  });
});
