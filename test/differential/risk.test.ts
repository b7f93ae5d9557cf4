import { expect } from "chai";
import fc from "fast-check";
import { covariance, deltaGammaVariance } from "../../keeper/src/model/covariance-oracle.js";
import { halved, ln, UNIT } from "./fixed-point.js";
import { deployHost, type Host, runs } from "./host.js";

const WAD = 10n ** 18n;
const YEAR = 365 * 86_400;
const HOUR = 3_600;
const abs = (value: bigint) => (value < 0n ? -value : value);
/** 1.0 of a cell, over one grid step. */
const CELL = 4n * 10n ** 17n;
const MAX_RETURN = 4n * 10n ** 16n;

/** A random portfolio under two factor matrices: Σ = BB' + D, all in integers. */
const dollars = fc.bigInt(-(10n ** 26n), 10n ** 26n);
const market = fc.integer({ min: 1, max: 8 }).chain((n) => {
  const vector = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: n, maxLength: n });
  const loading = fc.bigInt(-(2n * 10n ** 9n), 2n * 10n ** 9n);
  const factors = fc.record({ market: vector(loading), alts: vector(loading), own: vector(fc.bigInt(0n, WAD)) });
  const index = fc.integer({ min: 0, max: n - 1 });
  return fc.record({
    fast: factors,
    slow: factors,
    before: vector(dollars),
    left: vector(dollars),
    hedge: vector(dollars),
    gammas: fc.array(fc.record({ c: dollars, i: index, j: index }), { maxLength: 5 }),
    horizon: fc.integer({ min: 60, max: 30 * 86_400 }),
  });
});
type Factors = { market: bigint[]; alts: bigint[]; own: bigint[] };

/** Row-major Σ, 1e18. */
function sigmaOf({ market, alts, own }: Factors): bigint[][] {
  return own.map((variance, i) =>
    own.map((_, j) => market[i]! * market[j]! + alts[i]! * alts[j]! + (i === j ? variance : 0n)),
  );
}

/** The coefficients of both quadratic forms, as RiskMath wants them. */
function coefficients(fast: bigint[][], slow: bigint[][]): bigint[] {
  return fast.flatMap((row, i) =>
    row.flatMap((_, j) => (j < i ? [] : [fast, slow].map((sigma) => (i === j ? 1n : 2n) * sigma[i]![j]!))),
  );
}

const formOf = (sigma: bigint[][], x: readonly bigint[]) =>
  sigma.reduce((sum, row, i) => row.reduce((inner, entry, j) => inner + entry * x[i]! * x[j]!, sum), 0n);
const float = (values: readonly bigint[]) => values.map((value) => Number(value) / 1e18);

describe("RiskMath against exact integers and the keeper's model", () => {
  let host: Host;
  before(async () => {
    host = await deployHost("RiskHost");
  });

  it("has the exact quadratic form of each portfolio under each matrix, but for the last digits", async () => {
    await fc.assert(
      fc.asyncProperty(market, async ({ fast, slow, before, left, hedge }) => {
        const [f, s] = [sigmaOf(fast), sigmaOf(slow)];
        const found = await host.ask<bigint[]>("forms", coefficients(f, s), before, left, hedge);
        const unhedged = left.map((x, i) => x - hedge[i]!);
        const portfolios = [before, before, left, left, unhedged, unhedged];
        for (const [k, x] of portfolios.entries()) {
          const exact = formOf(k % 2 === 0 ? f : s, x);
          expect(exact >= 0n, "the matrices are positive semidefinite").to.equal(true);
          // A product of exposures is off by 2^30 of 1e36, an entry is up to 1e20: nothing is left of it at 1e18.
          expect(abs(found[k]! * 10n ** 36n - exact) <= 10n ** 36n + 64n * 2n ** 30n * 10n ** 20n).to.equal(true);
        }
      }),
      runs(200, 1),
    );
  });

  it("has the keeper's delta and gamma parts, to 1e-9 of what they are made of", async () => {
    await fc.assert(
      fc.asyncProperty(market, async ({ fast, slow, before, gammas, horizon }) => {
        const [f, s] = [sigmaOf(fast), sigmaOf(slow)];
        const sigma = coefficients(f, s);
        const forms = await host.ask<bigint[]>("forms", sigma, before, before, before);
        const curved = await host.ask<bigint[]>("gammaVariances", sigma, before.length, gammas, horizon);
        for (const [k, matrix] of [f, s].entries()) {
          const flat = matrix.flatMap(float);
          const terms = gammas.map(({ c, i, j }) => ({ c: Number(c) / 1e18, i, j }));
          const { total, gammaPart } = deltaGammaVariance(flat, float(before), terms, horizon);
          const gross = deltaGammaVariance(flat.map(Math.abs), float(before).map(Math.abs), [], horizon).total;
          const size =
            (2 * terms.reduce((sum, { c }) => sum + Math.abs(c), 0)) ** 2 * Math.max(...flat.map(Math.abs)) ** 2;
          near(Number(forms[k]) / 1e18, total - gammaPart, 1e-9 * gross + 1e-9);
          near(Number(curved[k]) / 1e18, gammaPart, (1e-9 * size * horizon) / YEAR + 1e-9);
        }
      }),
      runs(200, 2),
    );
  });

  it("has the exact gamma part, but for fifteen digits", async () => {
    await fc.assert(
      fc.asyncProperty(market, async ({ fast, slow, before, gammas, horizon }) => {
        const matrices = [sigmaOf(fast), sigmaOf(slow)] as const;
        const sigma = coefficients(...matrices);
        const found = await host.ask<bigint[]>("gammaVariances", sigma, before.length, gammas, horizon);
        for (const [k, m] of matrices.entries()) {
          let trace = 0n;
          let size = 0n;
          for (const p of gammas) {
            for (const q of gammas) {
              const u = m[p.i]![q.i]! - m[p.i]![q.j]! - m[p.j]![q.i]! + m[p.j]![q.j]!;
              trace += p.c * q.c * u * u;
              size += abs(p.c * q.c) * u * u;
            }
          }
          // trace is at 1e72
          const expected = ((trace > 0n ? trace : 0n) * BigInt(horizon)) / BigInt(2 * YEAR) / 10n ** 54n;
          const most = (size * BigInt(horizon)) / BigInt(2 * YEAR) / 10n ** 69n + 10n ** 9n;
          expect(abs(found[k]! - expected) <= most, `${found[k]} is not ${expected}`).to.equal(true);
        }
      }),
      runs(200, 3),
    );
  });
});

describe("CovarianceMath against exact integers and the keeper's model", () => {
  let host: Host;
  before(async () => {
    host = await deployHost("RiskHost");
  });

  it("takes logs to a unit of 1e-16", async () => {
    const answer = fc
      .integer({ min: 0, max: 200 })
      .chain((bits) => fc.bigInt(1n << BigInt(bits), (2n << BigInt(bits)) - 1n));
    await fc.assert(
      fc.asyncProperty(answer, async (value) => {
        const log = await host.ask<bigint>("logPrice", value);
        const exact = ln(value) - ln(WAD);
        expect(abs(log * 10n ** 44n - exact) <= 10n ** 44n, `ln ${value}`).to.equal(true);
        near(Number(log) / 1e16, Math.log(Number(value) / 1e18), 1e-13);
      }),
      runs(300, 4),
    );
    expect(await host.ask<bigint>("logPrice", WAD)).to.equal(0n);
  });

  it("keeps 2^(−elapsed/halfLife) to three units of 1e-18, and never more than all", async () => {
    const halfLife = fc.integer({ min: 86_400, max: YEAR });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 90 * 86_400 }), halfLife, async (elapsed, half) => {
        const kept = await host.ask<bigint>("keep", elapsed, half);
        const exact = halved(BigInt(elapsed), BigInt(half));
        expect(abs(kept * (UNIT / WAD) - exact) <= 3n * (UNIT / WAD), `2^(-${elapsed}/${half})`).to.equal(true);
        expect(kept <= WAD).to.equal(true);
        near(Number(kept) / 1e18, 2 ** (-elapsed / half), 1e-15);
      }),
      runs(300, 5),
    );
  });

  it("folds to the nearest unit, with returns capped", async () => {
    const state = fc.integer({ min: 1, max: 8 }).chain((n) =>
      fc.record({
        cells: fc.array(fc.bigInt(-16n * CELL, 16n * CELL), { minLength: n * (n + 1), maxLength: n * (n + 1) }),
        r: fc.array(fc.bigInt(-6n * 10n ** 16n, 6n * 10n ** 16n), { minLength: n, maxLength: n }),
        step: fc.integer({ min: HOUR, max: 48 * HOUR }),
        skipped: fc.integer({ min: 0, max: 5 }),
        keeps: fc.tuple(fc.bigInt(0n, WAD), fc.bigInt(0n, WAD)),
      }),
    );
    await fc.assert(
      fc.asyncProperty(state, async ({ cells, r, step, skipped, keeps }) => {
        const elapsed = step * (1 + skipped);
        const found = await host.ask<bigint[]>("fold", cells, r, elapsed, step, ...keeps);
        const capped = r.map((x) => (x > MAX_RETURN ? MAX_RETURN : x < -MAX_RETURN ? -MAX_RETURN : x));
        const products = capped.flatMap((x, i) => capped.slice(i).map((y) => x * y));
        for (const [k, cell] of cells.entries()) {
          const kept = keeps[k % 2]!;
          // At 1e18 times a cell's unit: w·cell + (1 − w)·rr'·step/elapsed
          const product = products[Math.floor(k / 2)]!;
          const fresh = (product * (WAD - kept) * CELL) / BigInt(elapsed / step) / 10n ** 32n;
          const difference = found[k]! * WAD - (cell * kept + fresh);
          // Half a unit, and where steps were skipped what the last digit of the weight is worth.
          const weight = skipped === 0 ? 0n : (abs(product) * CELL) / 10n ** 32n;
          expect(abs(difference) <= WAD / 2n + weight + 2n, `cell ${k}`).to.equal(true);
        }
      }),
      runs(150, 6),
    );
  });

  it("has the keeper's annualised matrices with floors, to 1e-9", async () => {
    const state = fc.integer({ min: 1, max: 8 }).chain((n) => {
      const vector = <T>(of: fc.Arbitrary<T>) => fc.array(of, { minLength: n, maxLength: n });
      return fc.record({
        loadings: vector(fc.integer({ min: -1_000_000, max: 1_000_000 })),
        own: vector(fc.integer({ min: 0, max: 1_000_000 })),
        floors: vector(fc.integer({ min: 1, max: 2_000_000 })),
        seen: fc.integer({ min: 1, max: 1_000 }),
        step: fc.integer({ min: 1, max: 48 }),
      });
    });
    let floored = 0;
    await fc.assert(
      fc.asyncProperty(state, async ({ loadings, own, floors, seen, step }) => {
        const n = own.length;
        const weight = (WAD * BigInt(seen)) / 1_000n;
        const entry = (i: number, j: number) =>
          BigInt(loadings[i]! * loadings[j]!) * 10n ** 3n + (i === j ? BigInt(own[i]!) * 10n ** 9n : 0n);
        const pairs = own.flatMap((_, i) => own.slice(i).map((__, ahead) => [i, i + ahead] as const));
        const cells = pairs.flatMap(([i, j]) => [entry(i, j), entry(i, j) / 3n]);
        const found = await host.ask<bigint[]>(
          "annualise",
          cells,
          weight,
          WAD,
          step * HOUR,
          floors.map((floor) => BigInt(floor) * 10n ** 12n),
        );
        const annual = (cell: bigint) => (Number(cell) / Number(CELL)) * (YEAR / (step * HOUR));
        const square = (part: bigint) => own.flatMap((_, i) => own.map((__, j) => annual(entry(i, j) / part)));
        const model = covariance(
          { varianceFloors: floors.map((floor) => floor / 1e6) } as never,
          { fast: square(1n), slow: square(3n), keptFast: 1 - seen / 1_000, keptSlow: 0 } as never,
        );
        for (const [k, [i, j]] of pairs.entries()) {
          const times = i === j ? 1 : 2;
          for (const [side, matrix] of [model.fast, model.slow].entries()) {
            const size = Math.sqrt(matrix[i * n + i]! * matrix[j * n + j]!);
            near(Number(found[2 * k + side]) / 1e18 / times, matrix[i * n + j]!, 1e-9 * size);
          }
          if (i === j && found[2 * k] === BigInt(floors[i]!) * 10n ** 12n) floored += 1;
        }
      }),
      runs(200, 7),
    );
    expect(floored, "floors decide somewhere").to.be.greaterThan(20);
  });
});

function near(actual: number, expected: number, tolerance: number): void {
  expect(Math.abs(actual - expected), `${actual} is not ${expected}`).to.be.at.most(tolerance);
}
