import type { CovarianceEstimator } from "../../keeper/src/model/covariance-estimator.js";
import { GridCovariance } from "../../keeper/src/model/grid-covariance.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import { expectClose } from "./expect-close.js";
import { type Walks, walkWithFeeds } from "./support/threshold-feed.js";

/**
 * Measured over true correlation by k = σ√h/δ, of prices in force at the times of a grid h: what sampling feeds makes
 * of it.
 */
const LAW = [
  [0.35, 0.3],
  [0.7, 0.64],
  [1, 0.8],
  [1.5, 0.91],
  [2, 0.95],
  [3, 0.98],
] as const;
const FINENESS = 1 / 20;
const CORRELATION = 0.75;
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
/** The grid's moments lose what a half-life forgets; this one is longer than the walk by far. */
const FOREVER = 1e12;

function correlationOf(estimator: CovarianceEstimator): number {
  const [[v, c], [, w]] = estimator.covariance() as [[number, number], [number, number]];
  return c / Math.sqrt(v * w);
}

function fed<T extends CovarianceEstimator>(estimator: T, { reports }: Walks): T {
  for (const { asset, time, logPrice } of reports) estimator.observe(asset, time, logPrice);
  return estimator;
}

/** Of the walks themselves on the same grids, so that chance is the same in both. */
function trueCorrelation({ logs: [x, y] }: Walks, step: number, staggers: number): number {
  const sums = [0, 0, 0] as [number, number, number];
  const stride = Math.floor(step / staggers);
  for (let to = step; to < x!.length; to += stride) {
    const [dx, dy] = [x![to]! - x![to - step]!, y![to]! - y![to - step]!];
    sums[0] += dx * dx;
    sums[1] += dy * dy;
    sums[2] += dx * dy;
  }
  return sums[2] / Math.sqrt(sums[0] * sums[1]);
}

describe("feeds that report in steps", function () {
  this.timeout(60_000);
  let walks: Walks[];
  before(() => {
    walks = SEEDS.map((seed) => walkWithFeeds({ seed, steps: 400_000, correlation: CORRELATION, fineness: FINENESS }));
  });
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  for (const [k, ratio] of LAW) {
    it(`attenuate a grid's correlation to ${ratio} where σ√h is ${k}δ`, () => {
      const step = Math.round((k / FINENESS) ** 2);
      const staggers = 7;
      const grid = { step, staggers, halfLife: FOREVER };
      const found = walks.map(
        (walk) => correlationOf(fed(new GridCovariance(2, grid), walk)) / trueCorrelation(walk, step, staggers),
      );
      expectClose(mean(found), ratio, 0.03);
    });
  }

  it("leave the Hayashi–Yoshida correlation and the realised variances as they are", () => {
    const estimates = walks.map((walk) => fed(new HayashiYoshida(2, FOREVER), walk));
    const found = estimates.map((one, k) => correlationOf(one) / trueCorrelation(walks[k]!, 1, 1));
    expectClose(mean(found), 1, 0.03);
    const variance = FINENESS ** 2 * 365 * 86_400;
    for (const asset of [0, 1]) {
      expectClose(mean(estimates.map((one) => one.covariance()[asset]![asset]! / variance)), 1, 0.05);
    }
  });
});
