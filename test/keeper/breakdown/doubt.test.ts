import { expect } from "chai";
import fc from "fast-check";
import { doNoHarm } from "../../../keeper/src/model/breakdown/do-no-harm.js";
import { mixedBetas, RegimeError } from "../../../keeper/src/model/breakdown/regime-mixture.js";
import { seededNormals } from "../../support/random.js";
import { expectClose } from "../expect-close.js";
import { gram, number } from "../plan/programs.js";

const form = (a: readonly number[], matrix: readonly (readonly number[])[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + b.reduce((inner, y, j) => inner + x * matrix[i]![j]! * y, 0), 0);

describe("regime mixture", () => {
  it("weighs the ratios of one hedge by probability and variance", () => {
    const regime = (probability: number, variance: number, beta: number) => ({
      ...{ probability, covariance: [[variance]], betas: [beta] },
    });
    const mixed = mixedBetas([regime(0.7, 0.5, 1.2), regime(0.3, 2, 0)])[0];
    expectClose(mixed, (0.7 * 0.5 * 1.2) / (0.7 * 0.5 + 0.3 * 2), 1e-12);
    expectClose(mixedBetas([regime(1, 0.5, 1.2)])[0], 1.2, 1e-12);
    expect(() => mixedBetas([regime(0.5, 1, 1)])).to.throw(RegimeError);
    expect(() => mixedBetas([regime(1, 0, 1)])).to.throw(RegimeError);
  });

  it("has the least expected variance with several hedges", () => {
    const calm = {
      probability: 0.8,
      covariance: gram(
        [
          [0.8, 0],
          [0.6, 0.4],
        ],
        0,
      ),
      betas: [0.9, 0.3],
    };
    const broken = {
      probability: 0.2,
      covariance: gram(
        [
          [1.6, 0],
          [1.5, 0.2],
        ],
        0,
      ),
      betas: [0.1, 0],
    };
    const expected = (h: readonly number[]) =>
      [calm, broken].reduce((sum, { probability, covariance, betas }) => {
        const gap = betas.map((beta, j) => beta - h[j]!);
        return sum + probability * form(gap, covariance, gap);
      }, 0);
    const best = mixedBetas([calm, broken]);
    for (const [x, y] of [
      [1e-3, 0],
      [-1e-3, 0],
      [0, 1e-3],
      [0, -1e-3],
    ] as const) {
      expect(expected([best[0]! + x, best[1]! + y])).to.be.above(expected(best));
    }
  });
});

describe("do no harm", () => {
  it("is min(m, 2(m − zs))⁺ with one hedge, whatever its variance", () => {
    fc.assert(
      fc.property(number(-2, 2), number(0.01, 1.5), number(0.1, 3), number(0, 3), (m, s, variance, z) => {
        const expected = Math.sign(m) * Math.max(0, Math.min(Math.abs(m), 2 * (Math.abs(m) - z * s)));
        expectClose(doNoHarm([m], [[s * s]], [[variance]], z)[0], expected, 1e-9);
      }),
      { seed: 12 },
    );
  });

  it("is never worse than no hedge within the doubt, and the nearest such to the expected ratios", () => {
    const normal = seededNormals(13);
    const cases = fc.record({
      m: fc.array(number(-1.5, 1.5), { minLength: 3, maxLength: 3 }),
      S: fc.array(fc.array(number(-0.6, 0.6), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
      V: fc.array(fc.array(number(-1, 1), { minLength: 3, maxLength: 3 }), { minLength: 3, maxLength: 3 }),
      z: number(0.2, 2.5),
    });
    let cut = 0;
    fc.assert(
      fc.property(cases, ({ m, S, V, z }) => {
        const [posterior, covariance] = [gram(S, 0.01), gram(V, 0.1)];
        const h = doNoHarm(m, posterior, covariance, z);
        // The worst of all ratios in the ellipsoid for positions h.
        const harm = (x: readonly number[]) => {
          const pulled = covariance.map((row) => row.reduce((sum, value, j) => sum + value * x[j]!, 0));
          const worst = form(x, covariance, m) - z * Math.sqrt(form(pulled, posterior, pulled));
          return form(x, covariance, x) - 2 * worst;
        };
        expect(harm(h)).to.be.at.most(1e-9);
        const distance = (x: readonly number[]) => {
          const gap = m.map((value, j) => value - x[j]!);
          return form(gap, covariance, gap);
        };
        if (h.some((value, j) => value !== m[j])) cut++;
        for (let i = 0; i < 60; i++) {
          const near = h.map((value) => value + 10 ** -(i % 4) * 0.3 * normal());
          if (harm(near) <= 0) expect(distance(near)).to.be.at.least(distance(h) - 1e-9);
        }
      }),
      { numRuns: 200, seed: 14 },
    );
    expect(cut).to.be.above(50);
  });

  it("leaves the hedge alone where the doubt is small, and none where it covers everything", () => {
    const covariance = [
      [0.5, 0.4],
      [0.4, 0.6],
    ];
    expect(
      doNoHarm(
        [0.8, 0.3],
        [
          [1e-6, 0],
          [0, 1e-6],
        ],
        covariance,
        2,
      ),
    ).to.deep.equal([0.8, 0.3]);
    expect(
      doNoHarm(
        [0.8, 0.3],
        [
          [1, 0],
          [0, 1],
        ],
        covariance,
        2,
      ),
    ).to.deep.equal([0, 0]);
  });
});
