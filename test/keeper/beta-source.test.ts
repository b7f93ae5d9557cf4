import { expect } from "chai";
import { KeeperError } from "../../keeper/src/errors.js";
import { BlockBetas, CovarianceBetas } from "../../keeper/src/model/beta-source.js";
import type { BetaModel } from "../../keeper/src/model/forecast/beta-model.js";
import { HayashiYoshida } from "../../keeper/src/model/hayashi-yoshida.js";
import type { OracleRound } from "../../keeper/src/model/rounds.js";
import { expectClose } from "./expect-close.js";

type Interval = { time: number; elapsed: number; asset: number; hedges: readonly number[] };

/** Remembers what it was given. */
class Recorder implements BetaModel {
  readonly intervals: Interval[] = [];

  update(time: number, elapsed: number, asset: number, hedges: readonly number[]): void {
    this.intervals.push({ time, elapsed, asset, hedges });
  }

  betas(): readonly number[] | null {
    return this.intervals.length === 0 ? null : [this.intervals.length];
  }
}

/** Rounds whose log price grows as their index does. */
const feed = (...times: readonly number[]): OracleRound[] =>
  times.map((updatedAt, k) => ({
    roundId: BigInt(k + 1),
    answer: BigInt(Math.round(1e12 * Math.exp(k / 100))),
    updatedAt,
  }));

describe("betas from rounds", () => {
  it("come from blocks that end when all feeds concerned have reported", () => {
    const recorders: Recorder[] = [];
    const source = new BlockBetas({
      size: 3,
      hedges: [1],
      step: 10,
      model: () => {
        recorders.push(new Recorder());
        return recorders.at(-1)!;
      },
    });
    // The third asset has no round after 5; the first one is silent from 12 to 41.
    const histories = [feed(1, 12, 41, 48, 60), feed(2, 10, 20, 30, 40, 50, 55, 70), feed(5)];
    expect(source.betas()).to.deep.equal([null, [1], null]);
    source.add(histories);
    const [first, third] = recorders as [Recorder, Recorder];
    const rounded = first.intervals.map(({ time, elapsed, asset, hedges }) => [
      time,
      elapsed,
      Math.round(asset * 100),
      Math.round(hedges[0]! * 100),
    ]);
    // Both are known at 10 and have reported again by 20; the first feed's next is at 41, so that block ends at 50.
    expect(rounded).to.deep.equal([
      [20, 10, 1, 1],
      [50, 30, 2, 3],
      [60, 10, 1, 1],
    ]);
    expect(third.intervals).to.deep.equal([]);
    expect(source.betas()).to.deep.equal([[3], [1], null]);
  });

  it("are the same whether the rounds come at once or bit by bit, and again", () => {
    const histories = [feed(1, 12, 41, 48, 60, 77, 81), feed(2, 10, 20, 30, 40, 50, 55, 70, 90)];
    const upTo = (time: number) => histories.map((rounds) => rounds.filter(({ updatedAt }) => updatedAt <= time));
    const all = new Recorder();
    const bits = new Recorder();
    new BlockBetas({ size: 2, hedges: [1], step: 10, model: () => all }).add(histories);
    const source = new BlockBetas({ size: 2, hedges: [1], step: 10, model: () => bits });
    for (const time of [5, 12, 12, 45, 46, 80, 100]) source.add(upTo(time));
    expect(bits.intervals).to.deep.equal(all.intervals);
    expect(all.intervals.length).to.be.above(3);
  });

  it("come from a covariance of all assets once it covers enough time", () => {
    const source = new CovarianceBetas([1], {
      stable: [false, false],
      estimator: (size) => new HayashiYoshida(size, Number.POSITIVE_INFINITY),
      minSpanSeconds: 25,
      ridge: 0,
    });
    const rounds = feed(0, 10, 20, 30, 40).slice(1);
    const noisy = rounds.map((round, k) => ({ ...round, answer: 2n * round.answer + BigInt(1e9 * (k % 2)) }));
    source.add([noisy.slice(0, 2), rounds.slice(0, 2)]);
    expect(source.betas()).to.deep.equal([null, null]);
    source.add([noisy, rounds]);
    const [asset, hedge] = source.betas();
    expectClose(asset![0], 1, 0.1);
    expectClose(hedge![0], 1, 1e-12);
  });

  it("refuses hedges that there are not, and blocks of no length", () => {
    const options = { size: 2, step: 10, model: () => new Recorder() };
    expect(() => new BlockBetas({ ...options, hedges: [2] })).to.throw(KeeperError, "Number them");
    expect(() => new BlockBetas({ ...options, hedges: [1], step: 0 })).to.throw(KeeperError, "positive length");
  });
});
