import { expect } from "chai";
import { betas } from "../../keeper/src/model/beta.js";
import type { CovarianceEstimator } from "../../keeper/src/model/covariance-estimator.js";
import type { BetaModel } from "../../keeper/src/model/forecast/beta-model.js";
import { METHODS } from "../../keeper/src/model/forecast/methods.js";
import { Forecaster, type ForecasterOptions } from "../../keeper/src/model/forecaster.js";
import { GridCovariance } from "../../keeper/src/model/grid-covariance.js";
import { guardedMethod } from "../../keeper/src/model/guarded-method.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import { createRandom } from "../../keeper/src/model/random.js";
import type { OracleRound } from "../../keeper/src/model/rounds.js";
import { expectClose } from "./expect-close.js";
import { devnetFeeds } from "./support/three-feeds.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const round = (id: number, answer: number, updatedAt: number): OracleRound => ({
  roundId: BigInt(id),
  answer: BigInt(answer),
  updatedAt,
});

/** Says what it is told to, and nothing before. */
class Fixed implements BetaModel {
  constructor(public known: readonly number[] | null) {}
  update(): void {}
  betas() {
    return this.known;
  }
}

const grids = (size: number): CovarianceEstimator =>
  new GridCovariance(size, { step: 8 * HOUR, staggers: 8, halfLife: 14 * DAY });

/** A stable asset before the three feeds, of which the last two have an instrument. */
function onThreeFeeds(change: Partial<ForecasterOptions>): Forecaster {
  const forecaster = new Forecaster({
    ...{ stable: [true, false, false, false], hedges: [2, 3], estimator: grids },
    ...{
      model: METHODS["kalman-slow"]!,
      minSpanSeconds: 7 * DAY,
      ridge: 0.01,
      moves: { horizonHours: 24, exceedance: 0.005 },
    },
    ...change,
  });
  forecaster.add([[], ...devnetFeeds(1).rounds]);
  return forecaster;
}

describe("forecaster", () => {
  it("says nothing before the rounds cover enough time, and leaves stables out", () => {
    for (const estimator of [
      (size: number) => new GridCovariance(size, { step: 10, staggers: 1, halfLife: 1e6 }),
      (size: number) => new HayashiYoshida(size, 1e6),
    ]) {
      const options: ForecasterOptions = {
        ...{ stable: [true, false, false], hedges: [2], estimator, minSpanSeconds: 100, ridge: 0 },
        moves: { horizonHours: 24, exceedance: 0.005 },
        model: () => new Fixed(null),
      };
      const forecaster = new Forecaster(options);
      forecaster.add([[round(1, 1, 1)], [round(1, 100, 1), round(2, 110, 50)], [round(1, 50, 1)]]);
      expect(forecaster.forecast()).to.equal(null);
      forecaster.add([[], [round(3, 105, 150), round(4, 0, 151)], [round(2, 52, 160)]]);
      const forecast = forecaster.forecast()!;
      expect(forecast.covariance[0]).to.deep.equal([1e-4, 0, 0]);
      expect(forecast.covariance[1]![1]).to.be.above(0);
      expect(forecast.betas).to.deep.equal([null, null, [1]]);
      expect(forecaster.dropped.map((counts) => counts?.empty)).to.deep.equal([undefined, 1, 0]);

      const again = new Forecaster(options);
      const histories = [[], [1, 2, 3].map((id) => round(id, [0, 100, 110, 105][id]!, [0, 1, 50, 150][id]!))];
      const other = [round(1, 50, 1), round(2, 52, 160)];
      again.add([[], histories[1]!.slice(0, 2), other.slice(0, 1)]);
      again.add([[], histories[1]!, other]);
      again.add([[], histories[1]!, other]);
      expect(again.forecast()).to.deep.equal(forecast);
    }
  });

  it("has the betas that the method has learned in its covariance, and all else by the estimate", () => {
    const learned = onThreeFeeds({}).forecast()!;
    expect(learned.hedges).to.deep.equal([2, 3]);
    expect(learned.betas[0]).to.equal(null);
    const regressed = betas(learned.covariance, learned.hedges);
    for (const j of [0, 1]) expectClose(regressed[1]![j], learned.betas[1]![j]!, 1e-9);

    const estimated = onThreeFeeds({ model: () => new Fixed(null) }).forecast()!;
    expect(estimated.betas[1]).to.equal(null);
    const own = betas(estimated.covariance, [2, 3]);
    expect(Math.abs(own[1]![0]! - regressed[1]![0]!), "what grids and the method find differs").to.be.above(0.01);
    for (const i of [2, 3]) expect(learned.covariance[i]!.slice(2)).to.deep.equal(estimated.covariance[i]!.slice(2));
    expect(learned.covariance[1]![1]).to.not.equal(estimated.covariance[1]![1]);
  });

  it("takes no market of a stable asset for a hedge, and needs none", () => {
    expect(onThreeFeeds({ hedges: [0, 2] }).forecast()!.hedges).to.deep.equal([2]);
    const without = onThreeFeeds({ hedges: [] }).forecast()!;
    expect(without.betas).to.deep.equal([null, [], [], []]);
    expect(without.covariance).to.deep.equal(onThreeFeeds({ model: () => new Fixed(null) }).forecast()!.covariance);
  });

  it("knows how far the assets with an instrument may move, once their rounds cover three months", () => {
    const { moves } = onThreeFeeds({ moves: { horizonHours: 24, exceedance: 0.01 } }).forecast()!;
    expect(moves.slice(0, 2)).to.deep.equal([null, null]);
    for (const asset of [2, 3]) {
      const { move, windows } = moves[asset]!;
      expect(windows).to.be.above(24);
      expect(move === null).to.equal(windows < 2_000);
    }
    const short = onThreeFeeds({ moves: { horizonHours: 6, exceedance: 0.01 } }).forecast()!;
    expect(short.moves[2]!.windows).to.equal(moves[2]!.windows + 18);
  });

  it("carries what guards say, by asset", () => {
    const { guards } = onThreeFeeds({ model: guardedMethod(METHODS["kalman-slow"]!) }).forecast()!;
    expect(guards.map((guard) => guard?.marginBuffer)).to.deep.equal([undefined, 1, undefined, undefined]);
    expect(guards[1]!.state!.alarmed).to.equal(false);
    const own = METHODS["guarded"]!(1);
    expect(guardedMethod(() => own)(1), "one that guards itself needs no other").to.equal(own);
  });

  it("tells the regime of the market that the hedges are from their rounds alone", () => {
    // Calm for 400 hours, then the hedge falls by 1% an hour in moves of 3% while the other asset's feed reports once a day.
    const random = createRandom(4);
    const feeds: OracleRound[][] = [[], []];
    let log = Math.log(2e11);
    for (let hour = 1; hour <= 430; hour += 1) {
      log += hour > 400 ? 0.03 * random.normal() - 0.01 : 0.005 * random.normal();
      feeds[1]!.push(round(hour, Math.round(Math.exp(log)), hour * HOUR - 10));
      if (hour % 24 === 0) feeds[0]!.push(round(hour, Math.round(Math.exp(log) / 200), hour * HOUR - 5));
    }
    const regimeAt = (hours: number) => {
      const forecaster = new Forecaster({
        ...{ stable: [false, false], hedges: [1], estimator: grids, model: () => new Fixed(null) },
        ...{ minSpanSeconds: DAY, ridge: 0, moves: { horizonHours: 24, exceedance: 0.005 } },
      });
      forecaster.add(feeds.map((rounds) => rounds.filter(({ updatedAt }) => updatedAt < hours * HOUR)));
      return forecaster.forecast()!.market;
    };
    expect(regimeAt(100)).to.equal(null);
    expect(regimeAt(398)!.regime).to.equal("calm");
    const { regime, since, fall } = regimeAt(430)!;
    expect(regime).to.equal("crash");
    expect(since / HOUR).to.be.within(401, 425);
    expect(fall).to.be.within(0.1, 0.5);
  });
});
