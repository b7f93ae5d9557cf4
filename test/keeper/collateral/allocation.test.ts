import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../../keeper/src/errors.js";
import { allocatePools, type Prospect } from "../../../keeper/src/model/collateral/allocation.js";
import { cappedWeights } from "../../../keeper/src/model/collateral/capped-weights.js";
import { bandTurnoverCost } from "../../../keeper/src/model/collateral/net-income.js";
import { poolCovariance, residualCovariance } from "../../../keeper/src/model/collateral/pool-risk.js";
import { riskBudgetWeights, riskContributions } from "../../../keeper/src/model/collateral/risk-contribution.js";
import { deltaGammaVariance } from "../../../keeper/src/model/covariance-oracle.js";
import { createRandom } from "../../../keeper/src/model/random.js";
import { expectClose } from "../expect-close.js";
import { SIGMA } from "../situation.js";

/** A positive definite matrix from a lower triangle. */
const matrices = fc
  .tuple(
    fc.integer({ min: 1, max: 5 }),
    fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 15, maxLength: 15 }),
  )
  .map(([n, draws]) => {
    const root = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (j > i ? 0 : j === i ? 0.3 + Math.abs(draws[i]!) : draws[5 + i + j]!)),
    );
    return root.map((a) => root.map((b) => a.reduce((sum, x, k) => sum + x * b[k]!, 0)));
  });
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("risk contributions", () => {
  it("add up to the volatility", () => {
    fc.assert(
      fc.property(
        matrices,
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 }),
        (c, w) => {
          const weights = w.slice(0, c.length);
          const variance = sum(c.flatMap((row, i) => row.map((value, j) => weights[i]! * value * weights[j]!)));
          expectClose(sum(riskContributions(weights, c)), Math.sqrt(variance), 1e-9);
        },
      ),
    );
    expect(
      riskContributions(
        [0, 0],
        [
          [1, 0],
          [0, 1],
        ],
      ),
    ).to.deep.equal([0, 0]);
  });

  it("are in proportion to their budgets, whatever the covariance", () => {
    fc.assert(
      fc.property(matrices, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 5, maxLength: 5 }), (c, all) => {
        const budgets = all.slice(0, c.length);
        const weights = riskBudgetWeights(c, budgets);
        expectClose(sum(weights), 1, 1e-12);
        const parts = riskContributions(weights, c);
        for (const [i, part] of parts.entries()) expectClose(part / sum(parts), budgets[i]! / sum(budgets), 1e-9);
      }),
    );
  });

  it("are met by inverse volatility where nothing is correlated, and no budget is no weight", () => {
    const weights = riskBudgetWeights(
      [
        [0.04, 0, 0],
        [0, 0.16, 0],
        [0, 0, 1],
      ],
      [1, 1, 0],
    );
    expectClose(weights[0]!, 2 / 3, 1e-12);
    expectClose(weights[1]!, 1 / 3, 1e-12);
    expect(weights[2]).to.equal(0);
    expect(() => riskBudgetWeights([[1]], [0])).to.throw(KeeperError, "budgets");
    expect(() => riskBudgetWeights([[0]], [1])).to.throw(KeeperError, "variance");
    expect(() => riskBudgetWeights([[1]], [Number.NaN])).to.throw(KeeperError);
  });
});

describe("risk of pools after the hedge", () => {
  const altUsdc = { exposure: [0, 0.5, 0, 0], gamma: { c: -2, i: 1, j: 0 } };
  const altWeth = { exposure: [0, 0.5, 0.5, 0], gamma: { c: -2, i: 1, j: 2 } };

  it("leaves of each asset what no hedge explains, and nothing of the hedges", () => {
    const residual = residualCovariance(SIGMA, [2, 3]);
    for (const hedge of [2, 3]) for (const value of residual[hedge]!) expectClose(value, 0, 1e-12);
    // Of ALT with correlations of 0.8 and 0.75 to hedges that have 0.85: 1 − (0.64 + 0.5625 − 2·0.8·0.75·0.85)/(1 − 0.7225).
    expectClose(residual[1]![1]!, 1 - (0.64 + 0.5625 - 2 * 0.8 * 0.75 * 0.85) / (1 - 0.7225), 1e-12);
  });

  it("is the chain's own variance of a dollar where nothing is hedged", () => {
    const horizon = 14_400;
    const [[a, ab], [, b]] = poolCovariance([altUsdc, altWeth], SIGMA, [], horizon / (365 * 86_400)) as [
      [number, number],
      [number, number],
    ];
    const measured = (pools: (typeof altUsdc)[]) => {
      const exposure = SIGMA.map((_, asset) => sum(pools.map((pool) => pool.exposure[asset]!)));
      return deltaGammaVariance(
        SIGMA.flat(),
        exposure,
        pools.map(({ gamma }) => gamma),
        horizon,
      ).total;
    };
    expectClose(a, measured([altUsdc]), 1e-9);
    expectClose(b, measured([altWeth]), 1e-9);
    expectClose(a + b + 2 * ab, measured([altUsdc, altWeth]), 1e-9);
  });
});

describe("allocation over pools", () => {
  const risk = [
    [0.04, 0.01],
    [0.01, 0.16],
  ];
  const pool = (net: number | null, held = true, cap = 1): Prospect => ({ net, held, cap });
  const at = (prospects: Prospect[], leave = false) => allocatePools(prospects, risk, { band: 0.05, leave });

  it("is by equal risk until all incomes are known, then each dollar of risk earns the same", () => {
    const blind = at([pool(0.3), pool(null)]);
    expect(blind.basis).to.equal("equal risk");
    expectClose(blind.contributions[0]!, blind.contributions[1]!, 1e-9);
    const seeing = at([pool(0.15), pool(0.35)]);
    expect(seeing.basis).to.equal("net income");
    expectClose(seeing.contributions[1]! / seeing.contributions[0]!, 0.4 / 0.2, 1e-9);
  });

  it("gives a pool the less the less it pays, and none where it does not", () => {
    const first = [0.4, 0.2, 0, -0.04].map((net) => at([pool(net), pool(0.2)]).weights[0]!);
    for (const [k, weight] of first.slice(1).entries()) expect(weight).to.be.below(first[k]!);
    expect(at([pool(-0.06), pool(0.2)]).weights).to.deep.equal([0, 1]);
  });

  it("neither leaves nor enters for a difference inside the band", () => {
    expect(at([pool(-0.04, true), pool(0.2)]).pays[0]).to.equal(true);
    expect(at([pool(-0.04, false), pool(0.2)]).pays[0]).to.equal(false);
    expect(at([pool(0.04, false), pool(0.2)]).pays[0]).to.equal(false);
    expect(at([pool(0.06, false), pool(0.2)]).pays[0]).to.equal(true);
  });

  it("stays in the best where none pays, unless it shall leave", () => {
    expect(at([pool(-0.2), pool(-0.6)]).weights).to.deep.equal([1, 0]);
    expect(at([pool(-0.2, false), pool(-0.6, true)]).weights).to.deep.equal([1, 0]);
    expect(at([pool(-0.2, false), pool(-0.22, false)]).pays).to.deep.equal([true, true]);
    expect(at([pool(-0.2), pool(-0.6)], true)).to.deep.include({ basis: "none pays", weights: [0, 0] });
    expect(at([pool(0.03, false), pool(-0.6, false)], true).basis).to.equal("none pays");
  });

  it("has no weight above its cap, and gives the rest to the others", () => {
    expect(at([pool(0.5, true, 0.3), pool(0.1)]).weights).to.deep.equal([0.3, 0.7]);
    expect(at([pool(0.5, true, 0.3), pool(0.1, true, 0.3)]).weights).to.deep.equal([0.3, 0.3]);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 6,
        }),
        (pairs) => {
          const total = sum(pairs.map(([weight]) => weight));
          const caps = pairs.map(([, cap]) => cap);
          const weights = cappedWeights(
            pairs.map(([weight]) => weight / total),
            caps,
          );
          for (const [i, weight] of weights.entries()) expect(weight).to.be.within(0, caps[i]! + 1e-12);
          expectClose(sum(weights), Math.min(1, sum(caps)), 1e-9);
        },
      ),
    );
  });
});

describe("cost of keeping a hedge inside its band", () => {
  it("is that of a Brownian motion that is pushed back at both edges", () => {
    const [nu, width, kappa, years, stepsAYear] = [0.5, 0.1, 0.002, 100, 10_000];
    const step = nu / Math.sqrt(stepsAYear);
    const draw = createRandom(7);
    let [at, pushed] = [0, 0];
    for (let i = 0; i < years * stepsAYear; i++) {
      const next = at + (draw.uniform() < 0.5 ? step : -step);
      at = Math.max(-width, Math.min(width, next));
      pushed += Math.abs(next - at) / years;
    }
    expectClose(bandTurnoverCost(kappa, nu, width), kappa * pushed, 0.1 * kappa * pushed);
    expect(bandTurnoverCost(0, nu, 0)).to.equal(0);
  });
});
