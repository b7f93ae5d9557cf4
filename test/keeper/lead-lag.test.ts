import { expect } from "chai";
import { NaiveBeta } from "../../keeper/src/model/forecast/naive.js";
import { Forecaster } from "../../keeper/src/model/forecaster.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import { LeadLagGuard, shiftContrast } from "../../keeper/src/model/lead-lag.js";
import { RoundStream } from "../../keeper/src/model/round-stream.js";
import { missingData } from "../integration/support/shared-data.js";
import { CHAINLINK_FILES, readChainlink } from "./support/market.js";
import { devnetFeeds } from "./support/three-feeds.js";
import { walkWithFeeds } from "./support/threshold-feed.js";

const MINUTE = 60;
const SHIFTS = Array.from({ length: 21 }, (_, k) => (k - 10) * MINUTE);
const WINDOW = 6 * 3600;

/** Two feeds, one of which reports some seconds late. */
function feeds(lag: number, seed: number, correlation = 0.9) {
  const { reports } = walkWithFeeds({ seed, steps: 5 * WINDOW, correlation, fineness: 1 / 10 });
  return reports
    .map(({ asset, time, logPrice }) => ({ asset, time: time + (asset === 1 ? lag : 0), logPrice }))
    .sort((a, b) => a.time - b.time);
}

describe("lead and lag", () => {
  it("has the largest contrast at the shift that undoes the lag", () => {
    for (const lag of [-300, 0, 240, 600]) {
      const pair = [0, 1].map((asset) => feeds(lag, 3).filter((report) => report.asset === asset));
      const contrast = shiftContrast([pair[0]!, pair[1]!], SHIFTS);
      const best = SHIFTS[contrast.indexOf(Math.max(...contrast))]!;
      expect(best, `of a lag of ${lag} s`).to.be.within(lag - MINUTE, lag + MINUTE);
    }
  });

  it("names the feed that is persistently late, and its lag", () => {
    for (const [lag, late] of [
      [300, 1],
      [-300, 0],
    ] as const) {
      const guard = new LeadLagGuard(2, { window: WINDOW });
      const found = feeds(lag, 4).map(({ asset, time, logPrice }) => {
        guard.observe(asset, time, logPrice);
        return { time, flags: guard.late() };
      });
      const first = found.find(({ flags }) => flags.length > 0)!;
      expect(first.time - found[0]!.time).to.be.within(3 * WINDOW, 3.1 * WINDOW);
      const [flag] = guard.late();
      expect([flag!.late, flag!.early]).to.deep.equal([late, 1 - late]);
      expect(flag!.lag).to.be.within(240, 360);
      expect(flag!.windows).to.be.within(4, 5);
    }
  });

  it("names none where the feeds report together, or the lag is gone", () => {
    for (let seed = 1; seed <= 5; seed++) {
      const guard = new LeadLagGuard(2, { window: WINDOW });
      for (const { asset, time, logPrice } of feeds(0, seed)) guard.observe(asset, time, logPrice);
      expect(guard.late(), `seed ${seed}`).to.deep.equal([]);
      const unrelated = new LeadLagGuard(2, { window: WINDOW });
      for (const { asset, time, logPrice } of feeds(0, seed, 0)) {
        unrelated.observe(asset, time, logPrice);
        expect(unrelated.late(), `seed ${seed}`).to.deep.equal([]);
      }
    }
    const guard = new LeadLagGuard(2, { window: WINDOW });
    const end = 5 * WINDOW + 1000;
    for (const { asset, time, logPrice } of feeds(300, 4)) guard.observe(asset, time, logPrice);
    expect(guard.late()).to.have.length(1);
    for (const { asset, time, logPrice } of feeds(0, 5).filter(({ time }) => time < 2 * WINDOW)) {
      guard.observe(asset, end + time, logPrice);
    }
    expect(guard.late()).to.deep.equal([]);
  });

  it("names none for a lag within its tolerance, or one that changes sides", () => {
    const within = new LeadLagGuard(2, { window: WINDOW, tolerance: 400 });
    for (const { asset, time, logPrice } of feeds(300, 4)) within.observe(asset, time, logPrice);
    expect(within.late()).to.deep.equal([]);
    const guard = new LeadLagGuard(2, { window: 2 * WINDOW, persistence: 2 });
    for (const [k, lag] of [300, -300, 300, -300].entries()) {
      const start = k * 2 * WINDOW + 1000;
      for (const { asset, time, logPrice } of feeds(lag, k + 1).filter(({ time }) => time < 2 * WINDOW - 700)) {
        guard.observe(asset, start + time, logPrice);
      }
      expect(guard.late()).to.deep.equal([]);
    }
  });

  it("names none on the devnet, whose rounds are a quarter of an hour apart: shifts within it look alike", () => {
    const guard = new LeadLagGuard(3);
    for (const { asset, time, logPrice } of new RoundStream(3).add(devnetFeeds(1).rounds)) {
      guard.observe(asset, time, logPrice);
      expect(guard.late()).to.deep.equal([]);
    }
  });

  it("is watched by the forecaster, by asset and without the stable ones", () => {
    const { reports } = walkWithFeeds({ seed: 6, steps: 50 * 1440, correlation: 0.9, fineness: 1 / 10 });
    const rounds = [0, 1].map((asset) =>
      reports
        .filter((report) => report.asset === asset)
        .map(({ time, logPrice }, k) => ({
          roundId: BigInt(k + 1),
          answer: BigInt(Math.round(1e12 * Math.exp(logPrice / 100))),
          updatedAt: MINUTE * (time + 1 + (asset === 0 ? 6 : 0)),
        })),
    );
    const forecaster = new Forecaster({
      stable: [true, false, false],
      hedges: [2],
      estimator: (size) => new HayashiYoshida(size, 14 * 86_400),
      model: (hedges) => new NaiveBeta(hedges),
      minSpanSeconds: 0,
      ridge: 0,
      moves: { horizonHours: 24, exceedance: 0.005 },
    });
    forecaster.add([[], ...rounds]);
    expect(forecaster.late).to.deep.equal([{ late: 1, early: 2, lag: 6 * MINUTE, windows: 3 }]);
  });

  it("finds no late feed among the real ones, and finds one that is made late", function () {
    const absent = missingData(...CHAINLINK_FILES);
    if (absent !== undefined) {
      console.log(`      skipped: ${absent}`);
      return this.skip();
    }
    const ticks = new RoundStream(2).add(readChainlink());
    for (const lag of [0, 300]) {
      const guard = new LeadLagGuard(2);
      const flagged = ticks
        .map(({ asset, time, logPrice }) => ({ asset, time: time + asset * lag, logPrice }))
        .sort((a, b) => a.time - b.time)
        .map(({ asset, time, logPrice }) => {
          guard.observe(asset, time, logPrice);
          return guard.late();
        });
      expect(flagged.some((flags) => flags.some(({ late }) => late === 1))).to.equal(lag > 0);
      expect(flagged.some((flags) => flags.some(({ late }) => late === 0))).to.equal(false);
    }
  });
});
