import { expect } from "chai";
import fc from "fast-check";
import { KeeperError } from "../../keeper/src/errors.js";
import { YEAR_SECONDS } from "../../keeper/src/model/covariance-estimator.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import { expectClose } from "./expect-close.js";
import { overlapCovariance, previousTickCovariance } from "./support/overlap-covariance.js";
import { realisedKernel, type Ticks } from "./support/realised-kernel.js";
import { vectors } from "./vectors.js";

type Tick = readonly [asset: number, time: number, logPrice: number];

const ticksOf = (series: readonly Ticks[]): Tick[] =>
  series
    .flatMap(({ times, values }, asset) => times.map((time, k) => [asset, time, values[k]!] as const))
    .sort(([, a], [, b]) => a - b);

function estimate(size: number, ticks: readonly Tick[], halfLife = Number.POSITIVE_INFINITY): HayashiYoshida {
  const estimator = new HayashiYoshida(size, halfLife);
  for (const [asset, time, logPrice] of ticks) estimator.observe(asset, time, logPrice);
  return estimator;
}

/** A series over few distinct times, so that ties abound; the first time differs by asset. */
const series = fc
  .uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 25 })
  .chain((times) =>
    fc
      .array(fc.integer({ min: -1000, max: 1000 }), { minLength: times.length, maxLength: times.length })
      .map((logs): Ticks => ({ times: times.toSorted((a, b) => a - b), values: logs.map((log) => log / 1000) })),
  );

describe("Hayashi–Yoshida", () => {
  const { tx, x, ty, y, HY, PT_900 } = vectors.async;
  const pair: [Ticks, Ticks] = [
    { times: tx, values: x },
    { times: ty, values: y },
  ];

  it("gives the reference's covariance", () => {
    const found = estimate(2, ticksOf(pair)).realised();
    expectClose(found[0]![1]! / HY, 1, 1e-9);
    expectClose(found[1]![0]! / HY, 1, 1e-9);
    expectClose(
      found[0]![0]!,
      x.slice(1).reduce((sum, log, k) => sum + (log - x[k]!) ** 2, 0),
      1e-15,
    );
  });

  it("is nearer to the realised kernel than what a grid makes of the same prices", () => {
    const grid = Array.from({ length: 41 }, (_, k) => k * 900);
    const sums = [[pair[0], pair[0]], [pair[1], pair[1]], pair].map(([first, second]) =>
      previousTickCovariance(first!, second!, grid),
    );
    for (const [k, sum] of sums.entries()) expectClose(sum / PT_900[k]!, 1, 1e-9);
    const kernel = realisedKernel(pair, 4)[0]![1]!;
    expectClose(HY / kernel, 1, 0.05);
    expect(sums[2]! / kernel).to.be.below(0.5);
  });

  it("is the sum over overlapping intervals, whatever the number of assets, their first times and the ties", () => {
    fc.assert(
      fc.property(fc.array(series, { minLength: 2, maxLength: 4 }), (drawn) => {
        const found = estimate(drawn.length, ticksOf(drawn)).realised();
        for (let i = 0; i < drawn.length; i++) {
          for (let j = 0; j < drawn.length; j++) {
            const expected =
              i === j ? overlapCovariance(drawn[i]!, drawn[i]!) : overlapCovariance(drawn[i]!, drawn[j]!);
            expectClose(found[i]![j]!, expected, 1e-12);
          }
        }
      }),
      { numRuns: 4000 },
    );
  });

  it("does not depend on the order of prices at one time", () => {
    const shuffled = fc.array(series, { minLength: 2, maxLength: 4 }).chain((drawn) => {
      const ticks = ticksOf(drawn);
      const ranks = fc.array(fc.nat(), { minLength: ticks.length, maxLength: ticks.length });
      return ranks.map((rank) => ({
        size: drawn.length,
        ticks,
        other: ticks
          .map((tick, k) => ({ tick, rank: rank[k]! }))
          .sort((a, b) => a.tick[1] - b.tick[1] || a.rank - b.rank),
      }));
    });
    fc.assert(
      fc.property(shuffled, ({ size, ticks, other }) => {
        const one = estimate(size, ticks, 7);
        const two = estimate(
          size,
          other.map(({ tick }) => tick),
          7,
        );
        one.covariance().forEach((row, i) => {
          row.forEach((value, j) => {
            expectClose(two.covariance()[i]![j]! / YEAR_SECONDS, value / YEAR_SECONDS, 1e-12);
          });
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("forgets by half a half-life, and weighs each product with the seconds that it stands for", () => {
    // Returns 1 and 2 of one asset over (0, 10] and (10, 30]; of the other 3 over (0, 20], known at 20.
    const ticks: Tick[] = [
      [0, 0, 0],
      [1, 0, 0],
      [0, 10, 1],
      [1, 20, 3],
      [0, 30, 3],
    ];
    const estimator = estimate(2, ticks, 10);
    const [[v, c], [, w]] = estimator.realised() as [[number, number], [number, number]];
    expectClose(v, 1 / 4 + 4, 1e-12);
    expectClose(w, 9 / 2, 1e-12);
    expectClose(c, 3 / 2 + 6, 1e-12);
    const [[v1, c1], [, w1]] = estimator.covariance() as [[number, number], [number, number]];
    expectClose(v1 / YEAR_SECONDS, 4.25 / (10 / 4 + 20), 1e-12);
    expectClose(w1 / YEAR_SECONDS, 9 / 20, 1e-12);
    expectClose(c1 / YEAR_SECONDS, 7.5 / (10 / 2 + 10), 1e-12);
    expect(estimator.span).to.equal(30);
  });

  it("does not lose itself over thousands of half-lives", () => {
    const walk = (from: number): Tick[] =>
      Array.from({ length: 3000 }, (_, k): Tick[] => [
        [0, from + k, Math.sin(k)],
        [1, from + k, Math.cos(k / 2)],
      ]).flat();
    const long = estimate(2, [...walk(0), ...walk(3000)], 1).covariance();
    const short = estimate(2, walk(0), 1).covariance();
    expectClose(long[0]![1]! / short[0]![1]!, 1, 1e-9);
    expectClose(long[0]![0]! / short[0]![0]!, 1, 1e-9);
  });

  it("grows with the square of its scale, and does not mind a silent feed", () => {
    const ticks = ticksOf(pair);
    const plain = estimate(2, ticks, 9000).covariance();
    const scaled = estimate(
      2,
      ticks.map(([asset, time, log]) => [asset, time, asset === 0 ? 3 * log : log]),
      9000,
    ).covariance();
    expectClose(scaled[0]![0]! / plain[0]![0]!, 9, 1e-9);
    expectClose(scaled[0]![1]! / plain[0]![1]!, 3, 1e-9);
    const after = estimate(2, [...ticks, [0, 1e6, 0], [0, 2e6, 0]], 9000).covariance();
    expectClose(after[1]![1]! / plain[1]![1]!, 1, 1e-9);
  });

  it("refuses what is out of order, unknown or no number", () => {
    const estimator = estimate(2, [
      [0, 10, 0],
      [1, 20, 0],
    ]);
    expect(() => estimator.observe(0, 15, 0)).to.throw(KeeperError, "Clean the rounds");
    expect(() => estimator.observe(1, 20, 0)).to.throw(KeeperError, "Clean the rounds");
    expect(() => estimator.observe(2, 30, 0)).to.throw(KeeperError, "Number the assets");
    expect(() => estimator.observe(0, 30, Number.NaN)).to.throw(KeeperError, "Clean the rounds");
    expect(() => new HayashiYoshida(2, 0)).to.throw(KeeperError, "positive");
  });
});
