import { expect } from "chai";
import { KeeperError } from "../../keeper/src/errors.js";
import { type BlockBetaOptions, BlockBetas } from "../../keeper/src/model/block-betas.js";
import type { BetaModel } from "../../keeper/src/model/forecast/beta-model.js";
import { RoundStream } from "../../keeper/src/model/round-stream.js";
import type { OracleRound } from "../../keeper/src/model/rounds.js";

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

/** Blocks of rounds as the forecaster feeds them. */
function onRounds(options: BlockBetaOptions) {
  const blocks = new BlockBetas(options);
  const stream = new RoundStream(options.size);
  return {
    add(histories: readonly (readonly OracleRound[])[]) {
      for (const { asset, time, logPrice } of stream.add(histories)) blocks.observe(asset, time, logPrice);
    },
    betas: () => blocks.betas(),
    guards: () => blocks.guards(),
  };
}

describe("betas from rounds", () => {
  it("come from blocks that end when all feeds concerned have reported", () => {
    const recorders: Recorder[] = [];
    const source = onRounds({
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
    onRounds({ size: 2, hedges: [1], step: 10, model: () => all }).add(histories);
    const source = onRounds({ size: 2, hedges: [1], step: 10, model: () => bits });
    for (const time of [5, 12, 12, 45, 46, 80, 100]) source.add(upTo(time));
    expect(bits.intervals).to.deep.equal(all.intervals);
    expect(all.intervals.length).to.be.above(3);
  });

  it("carry what a model that watches the relation says of it", () => {
    const guard = { state: null, marginBuffer: 1.5, most: 0.7, cut: 0.2 };
    const watching = Object.assign(new Recorder(), { guard: () => guard });
    const models = [watching, new Recorder()];
    const source = onRounds({ size: 3, hedges: [1], step: 10, model: () => models.shift()! });
    expect(source.guards()).to.deep.equal([guard, null, null]);
  });

  it("refuses hedges that there are not, and blocks of no length", () => {
    const options = { size: 2, step: 10, model: () => new Recorder() };
    expect(() => new BlockBetas({ ...options, hedges: [2] })).to.throw(KeeperError, "Number them");
    expect(() => new BlockBetas({ ...options, hedges: [1], step: 0 })).to.throw(KeeperError, "positive length");
  });
});
